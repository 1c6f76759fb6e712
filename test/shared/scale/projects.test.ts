import { createScaleApi, type ScaleApi } from '../../../shared/scale/scale-api.ts';
import { json, type LocalScale, startLocalScale } from './local-scale.ts';

let scale: LocalScale;
let api: ScaleApi;

beforeEach(async () => {
  scale = await startLocalScale();
  api = createScaleApi(scale.settings({ retries: 0 }));
});

afterEach(() => scale.close());

describe('the list of projects', () => {
  it('has ids and names, whatever else stands beside them', async () => {
    scale.willAnswer(
      json(
        '{"projects":[{"id":"p1","name":"One","models":[],"new":{"a":1}},{"name":"Two"},{"id":null,"name":"Three"},{"id":4,"name":""}],"next":1}',
      ),
    );
    expect(await api.listProjects()).toEqual([
      { id: 'p1', name: 'One' },
      { id: undefined, name: 'Two' },
      { id: undefined, name: 'Three' },
      { id: undefined, name: '' },
    ]);
    expect(scale.asked).toEqual(['/v2/projects']);
  });

  it.each(['{"projects":[{"id":"p1"}]}', '{"projects":[null]}', '{"projects":[{"name":null}]}'])(
    'is never read where a name is missing: %s',
    async (text) => {
      scale.willAnswer(json(text));
      await expect(api.listProjects()).rejects.toMatchObject({ trouble: 'broken' });
    },
  );
});
