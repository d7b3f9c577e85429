// The base of generated ephemeral resources. cdktf 0.21 has none, its successor has one of its own: this one works on both.
import * as library from 'cdktf';
import { ref, TerraformDataSource, Token } from 'cdktf';

/**
 * A value that Terraform fetches while it works and keeps nowhere: neither in the state nor in plan files. Needs
 * Terraform 1.10. It may be used where Terraform takes ephemeral values: write-only attributes, provider
 * configurations, other ephemeral resources, outputs of modules that are declared ephemeral.
 *
 * It is a data source to CDKTF in all but the block that it writes and how it is referred to.
 */
export class EphemeralResource extends TerraformDataSource {
  /** How expressions refer to it. */
  override get fqn(): string {
    return Token.asString(ref(this.#address, this.cdktfStack));
  }

  /** A reference to one of its attributes. */
  override interpolationForAttribute(terraformAttribute: string) {
    const every = this.forEach ? '.*' : '';
    return ref(`${this.#address}${every}.${terraformAttribute}`, this.cdktfStack);
  }

  /** Its block, as Terraform's JSON. */
  override toTerraform(): Record<string, unknown> {
    return { ephemeral: blockOf(super.toTerraform()) };
  }

  /**
   * Its block, as HCL.
   * @throws Error on cdktf 0.21, which would leave it out of HCL without a word
   */
  override toHclTerraform(): Record<string, unknown> {
    if (!('TerraformEphemeralResource' in library)) {
      throw new Error(
        `${this.node.path}: got HCL output, expected JSON output or cdktf's successor cdktn: ` +
          'cdktf 0.21 writes no ephemeral blocks in HCL.',
      );
    }
    return { ephemeral: blockOf(super.toHclTerraform()) };
  }

  get #address(): string {
    return `ephemeral.${this.terraformResourceType}.${this.friendlyUniqueId}`;
  }
}

function blockOf(written: unknown): unknown {
  return typeof written === 'object' && written !== null && 'data' in written ? written.data : undefined;
}
