// node import.mjs: how long `import 'streambook'` takes in a process that has just begun.
const began = performance.now();
const { streamEnv } = await import('streambook');
const ms = performance.now() - began;
console.log(typeof streamEnv);
console.log(`END ms=${ms.toFixed(1)}`);
