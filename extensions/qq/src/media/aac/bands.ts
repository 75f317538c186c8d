/** Samples a second by index (ISO/IEC 14496-3, table 1.18). */
export const SAMPLE_RATES: readonly number[] = [
  96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350,
];

/** Edges of the scale factor bands of one window length, and how many of them TNS may reach. */
export interface Bands {
  readonly edges: Uint16Array;
  readonly tnsBands: number;
}

/** Widths, each as width x count. */
function bands(widths: string, tnsBands: number): Bands {
  const edges = [0];
  for (const [width = 0, count = 0] of widths.split(" ").map((run) => run.split("x").map(Number))) {
    for (let i = 0; i < count; i += 1) edges.push((edges.at(-1) ?? 0) + width);
  }
  return { edges: Uint16Array.from(edges), tnsBands };
}

const LONG = {
  L96: "4x14 8x5 12x5 16x2 24x1 28x1 36x1 44x1 64x11",
  L64: "4x14 8x4 12x3 16x3 20x1 24x2 28x1 36x1 40x18",
  L48: "4x10 8x7 12x4 16x2 20x2 24x2 28x2 32x19 96x1",
  L32: "4x10 8x7 12x4 16x2 20x2 24x2 28x2 32x22",
  L24: "4x11 8x10 12x4 16x3 20x2 24x2 28x2 32x1 36x2 40x1 44x1 48x1 52x2 64x5",
  L16: "8x11 12x9 16x4 20x3 24x2 28x2 32x1 36x1 40x2 44x1 48x1 52x1 56x1 60x1 64x3",
  L8: "12x13 16x7 20x4 24x3 28x2 32x1 36x2 40x1 44x1 48x1 52x1 56x1 60x1 64x1 80x1",
};

const SHORT = {
  S96: "4x6 8x3 16x1 28x1 36x1",
  S48: "4x5 8x3 12x3 16x3",
  S24: "4x7 8x3 12x2 16x2 20x1",
  S16: "4x8 8x2 12x2 16x1 20x2",
  S8: "4x7 8x4 12x1 16x1 20x2",
};

/** Bands of the 1024 values of a long window, by index of the sample rate (tables 4.130 on; TNS: table 4.139). */
export const LONG_BANDS: readonly Bands[] = [
  bands(LONG.L96, 31),
  bands(LONG.L96, 31),
  bands(LONG.L64, 34),
  bands(LONG.L48, 40),
  bands(LONG.L48, 42),
  bands(LONG.L32, 51),
  bands(LONG.L24, 46),
  bands(LONG.L24, 46),
  bands(LONG.L16, 42),
  bands(LONG.L16, 42),
  bands(LONG.L16, 42),
  bands(LONG.L8, 39),
  bands(LONG.L8, 39),
];

/** Bands of the 128 values of a short window. */
export const SHORT_BANDS: readonly Bands[] = [
  bands(SHORT.S96, 9),
  bands(SHORT.S96, 9),
  bands(SHORT.S96, 10),
  bands(SHORT.S48, 14),
  bands(SHORT.S48, 14),
  bands(SHORT.S48, 14),
  bands(SHORT.S24, 14),
  bands(SHORT.S24, 14),
  bands(SHORT.S16, 14),
  bands(SHORT.S16, 14),
  bands(SHORT.S16, 14),
  bands(SHORT.S8, 14),
  bands(SHORT.S8, 14),
];
