// Colours that can be told from the ground they stand on (WCAG 2.2, 1.4.11: 3 to 1).

type Rgb = [number, number, number];

const parse = (colour: string): Rgb =>
  [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16)) as Rgb;

const write = (rgb: Rgb): string =>
  `#${rgb.map((part) => Math.round(part).toString(16).padStart(2, "0")).join("")}`;

function luminance(colour: string): number {
  const [r, g, b] = parse(colour).map((part) => {
    const share = part / 255;
    return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

export function contrast(one: string, other: string): number {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

export function mix(colour: string, other: string, share: number): string {
  const [a, b] = [parse(colour), parse(other)];
  return write(a.map((part, i) => part * (1 - share) + b[i] * share) as Rgb);
}

/** The same colour, through which so much less of the ground is hidden. */
export const fade = (colour: string, alpha: number): string =>
  `rgba(${parse(colour).join(",")},${alpha.toFixed(3)})`;

/** The same hue, moved away from the ground until it stands out. */
export function apart(colour: string, ground: string, ratio = 3): string {
  const towards = luminance(ground) > 0.5 ? "#000000" : "#ffffff";
  for (let share = 0; share < 1; share += 0.05) {
    const tried = mix(colour, towards, share);
    if (contrast(tried, ground) >= ratio) return tried;
  }
  return towards;
}
