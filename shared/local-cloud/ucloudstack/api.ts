// The action API: who calls, which action, and the envelope of the answers (seed 000; HTTP status 200 also for failures).
import { type Exchange, json, type Reply, type Service } from '../http/exchange.ts';
import { deleteBaseImage, deleteCustomImage, updateImage } from './change.ts';
import { ApiError } from './codes.ts';
import { type ActionContext, type ActionResult, type ApiOptions, companyOf } from './context.ts';
import { describeBaseImage, describeImage, describeOsVersions } from './describe.ts';
import { getDownloadUrl } from './download.ts';
import { abortUpload, completeUpload, importImage } from './import.ts';
import { abortCustomImage, cloneToBaseImage, createCustomImage } from './make.ts';
import { ActionParameters, readParameters } from './parameters.ts';
import { isSigned } from './signature.ts';

interface Action {
  run(context: ActionContext): ActionResult | Promise<ActionResult>;
  /** CompanyID must be said. */
  needsCompany?: boolean;
  adminOnly?: boolean;
}

/** The 13 actions of seed 000. */
const actions = new Map<string, Action>([
  ['CloneCustomImageToBaseImage', { run: cloneToBaseImage, adminOnly: true }],
  ['CreateCustomImage', { run: createCustomImage }],
  ['AbortCustomImage', { run: abortCustomImage }],
  ['DeleteBaseImage', { run: deleteBaseImage, adminOnly: true }],
  ['DeleteCustomImage', { run: deleteCustomImage }],
  ['DescribeImage', { run: describeImage }],
  ['DescribeBaseImage', { run: describeBaseImage }],
  ['ImportImage', { run: importImage, needsCompany: true }],
  ['CompleteImageMultipartUpload', { run: completeUpload }],
  ['AbortImageMultipartUpload', { run: abortUpload, needsCompany: true }],
  ['GetImageDownloadURL', { run: getDownloadUrl }],
  ['DescribeImageOSVersions', { run: describeOsVersions }],
  ['UpdateImage', { run: updateImage, needsCompany: true }],
]);

/** The service at `/api`. */
export function apiService(options: ApiOptions): Service {
  return async (exchange) => {
    if (!/^\/api\/?$/.test(exchange.rawPath)) return { status: 404 };
    if (exchange.method !== 'GET' && exchange.method !== 'POST') {
      return { status: 405, headers: { allow: 'GET, POST' } };
    }
    options.lifecycle.settle(exchange.now);
    let action = '';
    try {
      const values = await readParameters(exchange);
      action = values.get('Action') ?? '';
      const result = await run(options, exchange, values);
      return answer(exchange, { Action: `${action}Response`, RetCode: 0, Message: '', ...result });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      return answer(exchange, {
        Action: `${action}Response`,
        RetCode: error.retCode,
        Message: error.message,
      });
    }
  };
}

function answer({ requestId }: Exchange, body: Record<string, unknown>): Reply {
  const uuid = requestId.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
  return json(200, body, { 'x-ucloud-request-uuid': uuid });
}

async function run(
  options: ApiOptions,
  exchange: Exchange,
  values: ReadonlyMap<string, string>,
): Promise<ActionResult> {
  const parameters = new ActionParameters(values);
  const name = parameters.text('Action');
  if (name === undefined) throw new ApiError(101);
  const publicKey = parameters.text('PublicKey');
  if (publicKey === undefined) throw new ApiError(103);
  if (parameters.text('Signature') === undefined) throw new ApiError(104);
  const account = options.accounts.find((one) => one.ucloudstack.publicKey === publicKey);
  if (account === undefined || !isSigned(values, account.ucloudstack.privateKey)) throw new ApiError(109);
  const action = actions.get(name);
  if (action === undefined) throw new ApiError(110, name);
  if (action.adminOnly && !account.ucloudstack.admin) throw new ApiError(111, name);
  const region = parameters.text('Region');
  if (region === undefined) throw new ApiError(102);
  if (!options.regions.includes(region)) throw new ApiError(12000, region);
  const companyId = companyOf({ ...options, account, parameters }, action.needsCompany ?? false);
  return action.run({
    ...options,
    account,
    parameters,
    region,
    companyId,
    now: exchange.now,
    takeJobFailure: () => exchange.takeJobFailure(),
    stallsJob: exchange.stallsJob,
  });
}
