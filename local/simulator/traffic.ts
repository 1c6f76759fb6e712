/** What was asked of the simulator's Scale. */
export interface Traffic {
  /** Call with each request; call the answer when it is over. */
  begin(method: string, target: string, at: number): (status: number | undefined) => void;
  report(): TrafficReport;
  forget(): void;
}

interface TrafficReport {
  readonly total: number;
  /** `"GET /v2/tasks": 12`: by path, with ids left out. */
  readonly byEndpoint: Readonly<Record<string, number>>;
  /** By status answered; `none` where the connection was cut. */
  readonly byStatus: Readonly<Record<string, number>>;
  readonly inFlight: number;
  readonly mostInFlight: number;
  /** The last ones, oldest first. */
  readonly last: readonly { method: string; target: string; at: number; status?: number }[];
}

const MOST_REMEMBERED = 1_000;

export function createTraffic(): Traffic {
  let inFlight = 0;
  let mostInFlight = 0;
  let total = 0;
  let byEndpoint: Record<string, number> = {};
  let byStatus: Record<string, number> = {};
  let last: { method: string; target: string; at: number; status?: number }[] = [];

  return {
    begin: (method, target, at) => {
      total += 1;
      inFlight += 1;
      mostInFlight = Math.max(mostInFlight, inFlight);
      const endpoint = `${method} ${withoutIds(target)}`;
      byEndpoint[endpoint] = (byEndpoint[endpoint] ?? 0) + 1;
      const entry: (typeof last)[number] = { method, target, at };
      last.push(entry);
      if (last.length > MOST_REMEMBERED) last = last.slice(-MOST_REMEMBERED / 2);
      return (status) => {
        inFlight -= 1;
        const key = String(status ?? 'none');
        byStatus[key] = (byStatus[key] ?? 0) + 1;
        if (status !== undefined) entry.status = status;
      };
    },
    report: () => ({ total, byEndpoint, byStatus, inFlight, mostInFlight, last }),
    forget: () => {
      mostInFlight = inFlight;
      total = 0;
      [byEndpoint, byStatus, last] = [{}, {}, []];
    },
  };
}

function withoutIds(target: string): string {
  const path = target.split('?', 1)[0] ?? target;
  return path.replace(/^(\/v1\/(?:task|batches))\/[^/]+/, '$1/:id');
}
