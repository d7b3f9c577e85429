// The wire client of the action API: one function per action, typed, nothing else. Limits of the documents are checked
// here, before anything is sent.
import { type CallOptions, InvalidInputError, type UcloudstackProfile } from '../../model/index.ts';
import { type Action, type ActionReply, type ActionRequest, REPLIES } from './schemas.ts';
import type { ParameterValue } from './signing.ts';
import type { ActionTransport } from './transport.ts';

/** What the functions are called on. */
export interface ActionApi {
  readonly transport: ActionTransport;
  readonly profile: UcloudstackProfile;
  readonly region: string;
  readonly label: string;
}

/** Which of the profile's values an action takes where the request gives none. */
interface Defaults {
  company?: boolean;
  project?: boolean;
  /** CompanyID is required (seed 000). */
  companyRequired?: boolean;
}

function action<A extends Action>(
  name: A,
  reads: boolean,
  defaults: Defaults,
  describe: (request: ActionRequest<A>) => { operation: string; object?: string | undefined },
) {
  return async (
    api: ActionApi,
    request: ActionRequest<A>,
    options?: CallOptions,
  ): Promise<ActionReply<A>> => {
    const { profile } = api;
    const given: Record<string, ParameterValue> = { ...request };
    const parameters: Record<string, ParameterValue> = {
      ...given,
      Region: given.Region ?? api.region,
      ...(defaults.company || defaults.companyRequired
        ? { CompanyID: given.CompanyID ?? profile.companyId }
        : {}),
      ...(defaults.project ? { ProjectID: given.ProjectID ?? profile.projectId } : {}),
    };
    const what = describe(request);
    const fail = (reason: string, hint?: string): never => {
      throw new InvalidInputError({ ...what, cloud: api.label, reason, hint });
    };
    if (defaults.companyRequired && parameters.CompanyID === undefined)
      fail('it needs the id of the tenant', `Set company_id in profile "${profile.name}".`);
    const problem = limitProblem(parameters, profile.limits ?? 'documented');
    if (problem !== undefined)
      fail(problem, 'Set limits: extended in the profile where the installed version allows more.');
    const call = { action: name, parameters, reads, ...what };
    return (await api.transport.call(call, REPLIES[name], options)) as ActionReply<A>;
  };
}

const NAME = /^[\p{Script=Han}A-Za-z0-9._-]+$/u;

/** What of a request is outside the documented limits (seed 000; extended: the vendor's newer kits). */
function limitProblem(
  parameters: Readonly<Record<string, ParameterValue>>,
  limits: 'documented' | 'extended',
): string | undefined {
  const longest = limits === 'extended' ? 128 : 50;
  for (const field of ['ImageName', 'DestImageName']) {
    const name = parameters[field];
    if (typeof name !== 'string') continue;
    const length = [...name].length;
    if (length > longest) return `the name has ${length} characters, and ${longest} are allowed`;
    if (!NAME.test(name))
      return `the name ${JSON.stringify(name)} holds other characters than Chinese and English letters, digits, dots, underscores and hyphens`;
  }
  const description = parameters.ImageDescription;
  if (typeof description === 'string') {
    const length = [...description].length;
    if (length > 100) return `the description has ${length} characters, and 100 are allowed`;
    const [found] = /https?:\/\/|<script>|javascript/i.exec(description) ?? [];
    if (found !== undefined) return `the description holds ${JSON.stringify(found)}, which is not allowed`;
  }
  const format = parameters.ImageFormat;
  const formats = limits === 'extended' ? ['qcow2', 'iso', 'vmdk', 'raw'] : ['qcow2', 'iso'];
  if (typeof format === 'string' && !formats.includes(format))
    return `the format ${format} is not taken (only ${formats.join(', ')})`;
  const url = parameters.LoadURL;
  if (parameters.ImportType === 'Remote' && (typeof url !== 'string' || !/^(https?|ftp):\/\//.test(url)))
    return 'an import from a URL needs an http, https or ftp URL';
  const tags = parameters.TagKeyValuePairs;
  if ('ImportType' in parameters || 'VMID' in parameters) {
    if (!Array.isArray(tags) || tags.length === 0) return 'it needs at least one tag';
  }
  return undefined;
}

const image = (operation: (id: string) => string) => (request: { ImageID: string }) => ({
  operation: operation(request.ImageID),
  object: request.ImageID,
});

/** Operation 1: copies a custom image to a base image; the answer has the new image's id. */
export const cloneCustomImageToBaseImage = action(
  'CloneCustomImageToBaseImage',
  false,
  { company: true },
  (request) => ({
    operation: `copy image ${request.SourceImageID} to the base image ${request.DestImageName}`,
    object: request.SourceImageID,
  }),
);
/** Operation 2: starts making an image from a server's disk. */
export const createCustomImage = action(
  'CreateCustomImage',
  false,
  { company: true, project: true },
  (request) => ({
    operation: `create image ${request.ImageName} from server ${request.VMID}`,
  }),
);
/** Operation 3: stops the making of an image. */
export const abortCustomImage = action(
  'AbortCustomImage',
  false,
  { company: true },
  image((id) => `stop the making of image ${id}`),
);
/** Operation 4. */
export const deleteBaseImage = action(
  'DeleteBaseImage',
  false,
  { company: true },
  image((id) => `delete base image ${id}`),
);
/** Operation 5. */
export const deleteCustomImage = action(
  'DeleteCustomImage',
  false,
  { company: true },
  image((id) => `delete image ${id}`),
);
/** Operation 6: one page of images. */
export const describeImage = action('DescribeImage', true, { company: true }, () => ({
  operation: 'list images',
}));
/** Operation 7: which tenants may use base images. */
export const describeBaseImage = action('DescribeBaseImage', true, {}, () => ({
  operation: 'read the permissions of base images',
}));
/** Operation 8: starts an import, from a URL or of parts that are sent. */
export const importImage = action(
  'ImportImage',
  false,
  { companyRequired: true, project: true },
  (request) => ({
    operation: `import image ${request.ImageName}`,
  }),
);
/** Operation 9: puts the parts of an upload together; the image is made after it. */
export const completeImageMultipartUpload = action(
  'CompleteImageMultipartUpload',
  false,
  { company: true },
  image((id) => `complete the upload of image ${id}`),
);
/** Operation 10: ends an upload and drops its parts. */
export const abortImageMultipartUpload = action(
  'AbortImageMultipartUpload',
  false,
  { companyRequired: true },
  image((id) => `end the upload of image ${id}`),
);
/** Operation 11: what to append to the download address. */
export const getImageDownloadUrl = action(
  'GetImageDownloadURL',
  true,
  {},
  image((id) => `get a download address of image ${id}`),
);
/** Operation 12: one page of the catalogue of systems. */
export const describeImageOsVersions = action('DescribeImageOSVersions', true, { company: true }, () => ({
  operation: 'list operating systems',
}));
/** Operation 13: changes what the cloud knows of the system in an image. */
export const updateImage = action(
  'UpdateImage',
  false,
  { companyRequired: true },
  image((id) => `update image ${id}`),
);
