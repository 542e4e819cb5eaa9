// PostGraphile over the database that the environment names, set up for speed; prints its port when it is ready.
import { createServer } from "node:http";
import { postgraphile } from "postgraphile";
import { makePgService } from "postgraphile/adaptors/pg";
import { grafserv } from "postgraphile/grafserv/node";
import { PostGraphileAmberPreset } from "postgraphile/presets/amber";

const { connection, poolSize, settings } = JSON.parse(process.env.BENCH_PEER);

const instance = postgraphile({
  extends: [PostGraphileAmberPreset],
  pgServices: [makePgService({ poolConfig: { ...connection, max: poolSize }, schemas: ["public"], pubsub: false })],
  schema: { defaultBehavior: "+list -connection +insert -update -delete" }, // simple lists, and only what is measured
  grafast: { context: () => ({ pgSettings: settings }), explain: false },
  grafserv: { graphiql: false, websockets: false, outputDataAsString: true }, // JSON text straight from the plan
});

const server = createServer();
await instance.createServ(grafserv).addTo(server);
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
