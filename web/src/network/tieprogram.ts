// Ties as WebGL draws them: one strip each, dashed where contested, beside others of the same two nodes,
// with a head where they have a direction. All lengths in the shaders are pixels of the screen.

import { EdgeProgram, type ProgramInfo } from "sigma/rendering";
import type { EdgeDisplayData, NodeDisplayData, RenderParams } from "sigma/types";
import { floatColor } from "sigma/utils";
import { LANE } from "./hit";

export interface TieDisplay extends EdgeDisplayData {
  lane: number;
  dashed: boolean;
  directed: boolean;
}

const VERTEX = `
attribute vec2 a_from;
attribute vec2 a_to;
attribute vec4 a_shape; // width, lane, dashed, directed
attribute float a_end;  // radius of the node at its end
attribute vec4 a_color;
attribute vec2 a_corner; // 0 at the start and 1 at the end; -1 or 1 by the side

uniform mat3 u_matrix;
uniform vec2 u_half;
uniform float u_sizeRatio;
uniform float u_least;

varying vec4 v_color;
varying vec2 v_place; // along and across the line
varying vec4 v_shape; // length, half width, dashed, directed

const float bias = 255.0 / 254.0;
const float head = 4.5;

void main() {
  vec2 from = (u_matrix * vec3(a_from, 1.0)).xy * u_half;
  vec2 to = (u_matrix * vec3(a_to, 1.0)).xy * u_half;
  float len = length(to - from);
  vec2 along = len > 0.0 ? (to - from) / len : vec2(1.0, 0.0);
  vec2 right = vec2(along.y, -along.x);
  float width = max(a_shape.x / u_sizeRatio, u_least) * 0.5;
  float reach = (a_shape.w > 0.5 ? max(width, head) : width) + 1.0;
  vec2 place = mix(from, to, a_corner.x) + right * (a_shape.y * ${LANE}.0 + a_corner.y * reach);
  gl_Position = vec4(len > 0.0 ? place / u_half : vec2(2.0), 0.0, 1.0);
  v_place = vec2(a_corner.x * len, a_corner.y * reach);
  v_shape = vec4(len - a_end / u_sizeRatio, width, a_shape.z, a_shape.w);
  v_color = a_color;
  v_color.a *= bias;
}`;

const FRAGMENT = `
precision highp float;
varying vec4 v_color;
varying vec2 v_place;
varying vec4 v_shape;

const float headLength = 9.0;
const float dash = 11.0;
const float gap = 5.0;

void main(void) {
  float left = v_shape.x - v_place.x; // to the rim of the node at the end
  bool inHead = v_shape.w > 0.5 && left >= 0.0 && left < headLength;
  if (v_shape.z > 0.5 && !inHead && mod(v_place.x, dash) > dash - gap) discard;
  float half_ = inHead ? max(v_shape.y, left * 0.5) : v_shape.y;
  float cover = 1.0 - smoothstep(half_ - 0.5, half_ + 0.5, abs(v_place.y));
  if (cover <= 0.0) discard;
  gl_FragColor = vec4(v_color.rgb * v_color.a, v_color.a) * cover;
}`;

const { FLOAT, UNSIGNED_BYTE, TRIANGLES } = WebGLRenderingContext;
const UNIFORMS = ["u_matrix", "u_half", "u_sizeRatio", "u_least"] as const;

export class TieProgram extends EdgeProgram<(typeof UNIFORMS)[number]> {
  getDefinition() {
    return {
      VERTICES: 6,
      VERTEX_SHADER_SOURCE: VERTEX,
      FRAGMENT_SHADER_SOURCE: FRAGMENT,
      METHOD: TRIANGLES,
      UNIFORMS,
      ATTRIBUTES: [
        { name: "a_from", size: 2, type: FLOAT },
        { name: "a_to", size: 2, type: FLOAT },
        { name: "a_shape", size: 4, type: FLOAT },
        { name: "a_end", size: 1, type: FLOAT },
        { name: "a_color", size: 4, type: UNSIGNED_BYTE, normalized: true },
      ],
      CONSTANT_ATTRIBUTES: [{ name: "a_corner", size: 2, type: FLOAT }],
      CONSTANT_DATA: [
        [0, 1],
        [0, -1],
        [1, 1],
        [1, 1],
        [0, -1],
        [1, -1],
      ],
    };
  }

  processVisibleItem(
    _index: number,
    start: number,
    source: NodeDisplayData,
    target: NodeDisplayData,
    data: EdgeDisplayData,
  ): void {
    const tie = data as TieDisplay;
    this.array.set(
      [
        source.x,
        source.y,
        target.x,
        target.y,
        tie.size,
        tie.lane,
        tie.dashed ? 1 : 0,
        tie.directed ? 1 : 0,
        target.size,
        floatColor(tie.color),
      ],
      start,
    );
  }

  setUniforms(params: RenderParams, { gl, uniformLocations }: ProgramInfo): void {
    gl.uniformMatrix3fv(uniformLocations.u_matrix, false, params.matrix);
    gl.uniform2f(uniformLocations.u_half, params.width / 2, params.height / 2);
    gl.uniform1f(uniformLocations.u_sizeRatio, params.sizeRatio);
    gl.uniform1f(uniformLocations.u_least, params.minEdgeThickness);
  }
}
