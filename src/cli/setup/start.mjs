// `npm start`. Nothing but the version check stands here, so that an old Node can parse it and say what is wrong.
import { tooOldNode } from './node-version.mjs';

const complaint = tooOldNode(process.versions.node);
if (complaint === undefined) {
  import('./start-command.mjs').then((command) => command.main(process.argv.slice(2)));
} else {
  console.error(complaint);
  process.exitCode = 1;
}
