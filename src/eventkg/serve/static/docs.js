// Starts Swagger UI on our own OpenAPI document; a file of its own because inline scripts are not allowed.
SwaggerUIBundle({ url: "/openapi.json", dom_id: "#swagger-ui", deepLinking: true, validatorUrl: null });
