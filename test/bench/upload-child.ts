// Uploads one file with the product's engine and ends. Arguments: file, bucket, key. Profiles come from IMAGEBRIDGE_CONFIG.
import { connect, stateDir } from '@imagebridge/core';
import { startUpload } from '../../shared/core/transfer/index.ts';

const [path = '', bucket = '', key = ''] = process.argv.slice(2);
const cloud = await connect({});
const target = await cloud.stage({ bucket, key });
const upload = await startUpload({ path, target }, { stateDir: stateDir(process.env) });
await upload.done;
await cloud.close();
