// An engine's tasks in a process of their own, to be killed by a test. Arguments: folder, profiles file, cloud, bytes per
// second (0: none), then the files that are added and started. TASKS_DATA names its data folder. Prints its tasks as JSON lines.
import { openPlace } from './place.ts';

const [dir = '', profilesPath = '', cloud = '', limit = '0', ...files] = process.argv.slice(2);
const place = await openPlace({
  dir,
  profilesPath,
  data: process.env.TASKS_DATA,
  settings: Number(limit) > 0 ? { limitBytesPerSecond: Number(limit) } : {},
});
for (const file of files) await place.begin(file, cloud);
setInterval(() => process.stdout.write(`${JSON.stringify(place.views())}\n`), 50);
