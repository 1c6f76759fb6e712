import { type EChartsOption, init } from 'echarts';

import type { BenchResult, Chart } from './result.ts';

const WIDTH = 760;
const ROW_HEIGHT = 30;
const FRAME_HEIGHT = 110;

/** Numbers stand there, too: beside a bar they would lie on its spread. */
const LABEL_WIDTH = 290;

/** An SVG of a benchmark: what its chart names, as bars with the quartiles of their rounds. */
export function plot(result: BenchResult): string {
  const { ratios, figures, spreads = {} } = result;
  const { title, names, unit } = result.chart ?? chartOf(result);
  const all = { ...figures, ...ratios };
  const rows = names.map((name): [string, number] => [name, all[name] ?? 0]).reverse();
  const height = FRAME_HEIGHT + ROW_HEIGHT * rows.length;
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height });
  const option: EChartsOption = {
    animation: false,
    backgroundColor: '#ffffff',
    title: { text: title, left: 12, top: 10, textStyle: { fontSize: 15 } },
    grid: { left: LABEL_WIDTH, right: 24, top: 48, bottom: 48 },
    xAxis: { type: 'value', name: unit, nameLocation: 'middle', nameGap: 28 },
    yAxis: {
      type: 'category',
      data: rows.map(([label, value]) => `${inWords(label)}  ${value.toLocaleString('en')}`),
    },
    textStyle: { fontFamily: 'sans-serif' },
    series: [
      {
        type: 'bar',
        barWidth: 14,
        itemStyle: { color: '#3b6fb6' },
        data: rows.map(([, value]) => value),
      },
      {
        type: 'custom',
        // So that the axis reaches as far.
        encode: { x: [0, 1], y: 2 },
        renderItem: (_params, api) => {
          const row = Number(api.value(2));
          const [from = 0, y = 0] = api.coord([Number(api.value(0)), row]);
          const [to = 0] = api.coord([Number(api.value(1)), row]);
          return {
            type: 'line',
            shape: { x1: from, y1: y, x2: to, y2: y },
            style: { stroke: '#1c2a3a', lineWidth: 2 },
          };
        },
        data: rows.flatMap(([label], row) => {
          const spread = spreads[label];
          return spread === undefined ? [] : [[spread.lower, spread.upper, row]];
        }),
      },
    ],
  };
  chart.setOption(option);
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
}

function chartOf({ name, ratios, figures }: BenchResult): Chart {
  const names = Object.keys(ratios);
  if (names.length > 0) return { title: `${name}: ratios of one run`, names, unit: 'times' };
  return { title: `${name}: figures of one machine`, names: Object.keys(figures), unit: '' };
}

/** `coldOverFloor` as `cold over floor`. */
function inWords(name: string): string {
  return name.replaceAll(/(?<=[a-z\d])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
