// The schema of the provider's configuration. Imports the plugin framework only.
import { a, schema, t, validators } from '@imagebridge/terraform-plugin';
import { notBlank, serviceUrl, tagKey, tagValue } from '../validators.ts';

const url = (service: string) =>
  a.string({
    optional: true,
    description: `URL of ${service}; may hold \`{region}\`.`,
    validators: [serviceUrl],
  });

const endpoints = (description: string) =>
  a.single({
    optional: true,
    description,
    attributes: {
      iam: url('the identity service (IAM)'),
      ims: url('the image service (IMS)'),
      obs: url('the object store (OBS)'),
    },
  });

const text = (description: string) => a.string({ optional: true, description, validators: [notBlank] });
const secret = (description: string) =>
  a.string({ optional: true, sensitive: true, description, validators: [notBlank] });

/** The provider's configuration. Every value is optional. */
export const providerSchema = schema({
  description:
    'Machine images from files to clouds: upload, describe, share and copy them. One provider serves many clouds: ' +
    'each resource may name its `cloud` and `region`. With an empty configuration the profiles file and the ' +
    'environment are used, exactly as the `imagebridge` command does.',
  attributes: {
    clouds: a.nestedMap({
      optional: true,
      description:
        "Clouds by name. Each is either a profile of the profiles file (`profile`) or an account's own settings. " +
        "Where it has neither, its name is the profile's name.",
      attributes: {
        profile: text('Name of a profile in the profiles file. Excludes all other settings but `region`.'),
        family: a.string({
          optional: true,
          description: 'Family of the cloud: `huaweicloud`.',
          validators: [validators.oneOf('huaweicloud', 'openstack', 'ucloudstack')],
        }),
        region: text('Region that is used where a resource names none.'),
        project: text("Name of the project. Default: the region's name."),
        project_id: text('Id of the project, where it is known. Saves a question to IAM when keys are used.'),
        domain: text('Account (domain) that the user belongs to.'),
        user: text('Name of the user.'),
        password: secret(
          'Password of the user. Terraform stores provider configuration in plan files: prefer an ephemeral ' +
            'variable, the environment or a profile.',
        ),
        access_key: secret('Access key: signs the requests to the object store.'),
        secret_key: secret('Secret key that belongs to `access_key`.'),
        security_token: secret('Security token that belongs to temporary keys.'),
        obs_path_style: a.bool({
          optional: true,
          description:
            'Name the bucket in the path instead of the host name. Default: only where the host is an IP address or localhost.',
        }),
        staging_bucket: text(
          "Bucket that files are uploaded to before the import. Default: a name made from the project's.",
        ),
        agency_name: text('Agency (delegation) that copies across regions act under.'),
        domain_suffix: text(
          'Endpoints are `https://SERVICE.REGION.DOMAIN_SUFFIX` unless `endpoints` says otherwise.',
        ),
        endpoints: endpoints('URLs of the services, where they do not follow from `domain_suffix`.'),
        regions: a.nestedMap({
          optional: true,
          description: 'What differs in a region, by its name.',
          attributes: {
            endpoints: endpoints('URLs of the services in that region.'),
            project: text("Name of the project in that region. Default: the region's name."),
            staging_bucket: text('Staging bucket in that region.'),
          },
        }),
      },
    }),
    config_file: text(
      "Path of the profiles file. Default: the environment's `IMAGEBRIDGE_CONFIG`, else the platform's configuration folder.",
    ),
    default_cloud: text(
      "The cloud of resources that name none: a name of `clouds` or of a profile. Default: the only entry of `clouds`, else the profiles file's own default.",
    ),
    default_tags: a.map({
      element: t.string,
      optional: true,
      description:
        'Tags that every image gets, unless it has one of the same key in its own `tags`. The sum is in `tags_all`.',
      validators: [validators.keys(tagKey), validators.values(tagValue)],
    }),
    state_dir: text(
      "Folder of the upload journals, by which an interrupted upload goes on. Default: the environment's `IMAGEBRIDGE_STATE_DIR`, else the platform's state folder.",
    ),
  },
});
