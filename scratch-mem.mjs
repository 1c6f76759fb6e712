const t = setInterval(()=>{ const m=process.memoryUsage(); console.error(Object.entries(m).map(([k,v])=>k+' '+Math.round(v/1e6)).join(' '), 'max', Math.round(process.resourceUsage().maxRSS/1e3)); }, Number(process.env.EVERY??2500)); t.unref();
process.on('exit',()=>console.error('MAX', Math.round(process.resourceUsage().maxRSS/1e3), 'cpu', process.cpuUsage().user/1e6));
