setTimeout(()=>location.reload(),2e3);
