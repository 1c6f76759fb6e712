import { fork } from 'node:child_process';
const c = fork('/tmp/wt/export/bench/export/table-server.ts'); c.send({batch:'Bench',tasks:Number(process.argv[2]),bytes:5000});
c.on('message', m => console.log(m.dynamodbUrl)); setTimeout(()=>process.exit(), 900000);
