import { ACCESS_LOG_LINE, functionMemoryMb } from '../../costs/declared.ts';
import { runsOfMonth, standing } from '../../costs/idle.ts';
import { resourcesOf, synthesizedTemplate } from '../support/mirror-template.ts';

const resources = resourcesOf(synthesizedTemplate());
const ofType = (type: string) => resources.filter((resource) => resource.type === type);

it('costs are reckoned with the memory that functions have', () => {
  const memory = ofType('AWS::Lambda::Function').flatMap(({ properties }) =>
    typeof properties['MemorySize'] === 'number' ? [properties['MemorySize']] : [],
  );
  expect(memory.sort()).toEqual(Object.values(functionMemoryMb).sort());
});

it('an idle month is reckoned with the schedules, secrets, alarms and dashboards that there are', () => {
  const perMonth = { 'rate(5 minutes)': 8_760, 'rate(15 minutes)': 2_920, 'rate(1 hour)': 730 };
  const runs = ofType('AWS::Scheduler::Schedule').map(
    ({ properties }) => perMonth[properties['ScheduleExpression'] as keyof typeof perMonth],
  );
  expect(runs.sort()).toEqual(Object.values(runsOfMonth).sort());
  const alarmMetrics = ofType('AWS::CloudWatch::Alarm').reduce((sum, { properties }) => {
    const metrics = (properties['Metrics'] ?? [{ MetricStat: {} }]) as { MetricStat?: unknown }[];
    return sum + metrics.filter(({ MetricStat }) => MetricStat !== undefined).length;
  }, 0);
  expect({
    secrets: ofType('AWS::SecretsManager::Secret').length,
    alarmMetrics,
    dashboards: ofType('AWS::CloudWatch::Dashboard').length,
  }).toEqual({
    secrets: standing.secrets,
    alarmMetrics: standing.alarmMetrics,
    dashboards: standing.dashboards,
  });
});

it('the access log is reckoned with the members that it has', () => {
  const [stage] = ofType('AWS::ApiGatewayV2::Stage');
  const { Format } = stage?.properties['AccessLogSettings'] as { Format: string };
  expect(Object.keys(JSON.parse(ACCESS_LOG_LINE) as object)).toEqual(
    Object.keys(JSON.parse(Format) as object),
  );
});
