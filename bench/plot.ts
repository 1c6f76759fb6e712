import { type EChartsOption, init } from 'echarts';

import type { BenchResult } from './result.ts';

const WIDTH = 760;
const ROW_HEIGHT = 30;
const FRAME_HEIGHT = 90;

/** An SVG of a benchmark: its ratios, or its figures where it has none, as bars with the quartiles of their rounds. */
export function plot({ name, ratios, figures, spreads = {} }: BenchResult): string {
  const hasRatios = Object.keys(ratios).length > 0;
  const rows = Object.entries(hasRatios ? ratios : figures).reverse();
  const height = FRAME_HEIGHT + ROW_HEIGHT * rows.length;
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height });
  const option: EChartsOption = {
    animation: false,
    backgroundColor: '#ffffff',
    title: { text: `${name}: ${hasRatios ? 'ratios of one run' : 'figures of one machine'}` },
    grid: { left: 12, right: 90, top: 50, bottom: 24, containLabel: true },
    xAxis: { type: 'value' },
    yAxis: { type: 'category', data: rows.map(([label]) => label) },
    series: [
      {
        type: 'bar',
        barWidth: 14,
        itemStyle: { color: '#3b6fb6' },
        label: { show: true, position: 'right', formatter: '{c}', distance: 12 },
        data: rows.map(([, value]) => value),
      },
      {
        type: 'custom',
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
