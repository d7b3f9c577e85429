terraform {
  required_providers {
    imagebridge = {
      source = "imagebridge/imagebridge"
    }
  }
}

# Ephemeral: stays out of the state and of plan files.
variable "openstack_password" {
  type      = string
  ephemeral = true
}

provider "imagebridge" {
  default_cloud = "local"
  default_tags  = { managed-by = "terraform" }

  clouds = {
    # A profile of the profiles file, which the `imagebridge` command uses too. Its secrets are in the system's keychain.
    local = { profile = "local" }

    # An account's own settings.
    lab = {
      family              = "openstack"
      auth_url            = "https://keystone.example.com/v3"
      username            = "images"
      password            = var.openstack_password
      user_domain_name    = "Default"
      project_name        = "images"
      project_domain_name = "Default"
      region              = "RegionOne"
    }
  }
}
