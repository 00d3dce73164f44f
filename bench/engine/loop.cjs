// node loop.cjs <count> <public key> <private key>, the devices on standard input: web-push, keep-alive, 32 in flight.
const fs = require("node:fs");
const https = require("node:https");
const webpush = require("web-push");

async function main() {
  const [count, publicKey, privateKey] = [Number(process.argv[2]), process.argv[3], process.argv[4]];
  const { message, devices } = JSON.parse(fs.readFileSync(0, "utf8"));
  const agent = new https.Agent({ keepAlive: true, maxSockets: 32 });
  webpush.setVapidDetails("mailto:coach@houvast.example", publicKey, privateKey);
  let next = 0;
  const wall = process.hrtime.bigint();
  const before = process.cpuUsage();
  const one = async () => {
    while (next < count) await webpush.sendNotification(devices[next++ % devices.length], message, { TTL: 60, agent });
  };
  await Promise.all(Array.from({ length: 32 }, one));
  const cpu = process.cpuUsage(before);
  console.log(JSON.stringify({
    messages: count, wall: Number(process.hrtime.bigint() - wall) / 1e9, cpu: (cpu.user + cpu.system) / 1e6,
  }));
}

main();
