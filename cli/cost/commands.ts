import type { Context } from '../context.ts';
import type { Root } from '../root.ts';

const HELP = `
The mirror's own functions work off sample callbacks on emulators in this process, and what AWS would bill for each of their
calls is counted and priced: nothing is asked of AWS or Scale. Prices are list prices without any free tier; docs/costs.md
says where they come from and what is not in them.

  --size        of the body that Scale posts, such as 5KB or 1.5MB (up to 5MB)
  --audits      share of the callbacks that review a task that is stored
  --duplicates  share of them that came before: they write nothing
  --per-batch   messages that the worker gets in one call: 10 where callbacks come in bursts, as
                when a batch ends; 1 where they trickle
  --region      whose prices; others than those in the table need --prices
  --prices      a JSON file like costs/prices.json

Examples:
  $ npx task-mirror cost --callbacks 1M --size 5KB --audits 5%
  $ npx task-mirror cost --callbacks 250k --size 300KB --per-batch 1 --json

Exit codes: 0 done; 2 wrong usage
`;

/** `task-mirror cost`. */
export function addCostCommand(root: Root, context: Context): void {
  root
    .command('cost')
    .description('says what so many callbacks cost on AWS, line by line, and an idle month')
    .option('--callbacks <number>', 'in a month, such as 250000, 250k or 1M', '1M')
    .option('--size <size>', 'of a callback', '5KB')
    .option('--audits <share>', 'of the callbacks', '5%')
    .option('--duplicates <share>', 'of the callbacks', '1%')
    .option('--per-batch <number>', 'messages of one call of the worker, 1 to 10', '10')
    .option('--prices <file>', 'other prices')
    .addHelpText('after', HELP)
    .action(async (_, command) => {
      const { showCost } = await import('./run.ts');
      await showCost(context, command.optsWithGlobals());
    });
}
