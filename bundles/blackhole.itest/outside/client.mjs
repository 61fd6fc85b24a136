// A client in another language: calls identity, then storage on behalf of the user, and prints what
// it got as JSON. It knows the .proto files and an address for each service, and nothing else.
//
//   node client.mjs IDENTITY STORAGE                   over Unix sockets: unix:/path/of/a.sock
//   node client.mjs IDENTITY STORAGE CA CERT KEY NAME  over TLS: HOST:PORT, files, the node's name
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import grpc from '@grpc/grpc-js';
import loader from '@grpc/proto-loader';

const protos = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..', 'proto');
const services = grpc.loadPackageDefinition(
  loader.loadSync(['blackhole/identity/v1/identity.proto', 'blackhole/storage/v1/storage.proto'], {
    includeDirs: [protos],
    keepCase: true,
    longs: String,
  }),
).blackhole;

const [identityAddress, storageAddress, ca, certificate, key, name] = process.argv.slice(2);
const credentials = ca
  ? grpc.credentials.createSsl(readFileSync(ca), readFileSync(key), readFileSync(certificate))
  : grpc.credentials.createInsecure();
const options = name
  ? { 'grpc.ssl_target_name_override': name, 'grpc.default_authority': name }
  : { 'grpc.default_authority': 'localhost' };
const deadline = () => ({ deadline: Date.now() + 60_000 });

const identity = new services.identity.v1.Identity(identityAddress, credentials, options);
const storage = new services.storage.v1.Storage(storageAddress, credentials, options);

/** The answer of a unary method. */
const call = (client, method, request) =>
  new Promise((resolve, reject) =>
    client[method](request, deadline(), (error, answer) => (error ? reject(error) : resolve(answer))),
  );

const put = (bytes, metadata) =>
  new Promise((resolve, reject) => {
    const stream = storage.Put(metadata, deadline(), (error, answer) =>
      error ? reject(error) : resolve(answer),
    );
    stream.on('error', reject);
    stream.write({ chunk: bytes });
    stream.end();
  });

const get = async (cid, metadata) => {
  const chunks = [];
  for await (const message of storage.Get({ cid }, metadata, deadline())) chunks.push(message.chunk);
  return Buffer.concat(chunks);
};

try {
  const user = { username: `outside-${process.pid}`, password: 'correct horse' };
  const { did } = await call(identity, 'Register', user);
  const { token } = await call(identity, 'Authenticate', user);
  const refused = await put(Buffer.from('nobody'), new grpc.Metadata()).catch((error) => error);
  const metadata = new grpc.Metadata();
  metadata.set('authorization', `Bearer ${token}`);
  const { cid } = await put(Buffer.from('from outside'), metadata);
  const content = await get(cid, metadata);
  console.log(
    JSON.stringify({
      did,
      cid,
      content: content.toString(),
      without_token: grpc.status[refused.code] ?? 'OK',
    }),
  );
} catch (error) {
  console.error(error.code === undefined ? error : `${grpc.status[error.code]}: ${error.details}`);
  process.exitCode = 1;
} finally {
  identity.close();
  storage.close();
}
