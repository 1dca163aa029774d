// An S3 server that checks signatures: object_store.mjs FOLDER. Says its port, and runs until it is ended.
// Its key is S3RVER with the secret S3RVER; it has the buckets "first", "second" and "storage".
import S3rver from "@20minutes/s3rver";

const server = new S3rver({
  port: 0,
  address: "127.0.0.1",
  silent: true,
  directory: process.argv[2],
  configureBuckets: ["first", "second", "storage"].map((name) => ({ name })),
});
const { port } = await server.run();
console.log(port);
