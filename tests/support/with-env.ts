/** Sets variables of this process while something runs; the driver looks there for credentials. */
export async function withEnv<T>(changed: Record<string, string | undefined>, work: () => Promise<T>): Promise<T> {
  const before = Object.fromEntries(Object.keys(changed).map((name) => [name, process.env[name]]));
  const set = (values: Record<string, string | undefined>) => {
    for (const [name, value] of Object.entries(values)) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  };
  set(changed);
  try {
    return await work();
  } finally {
    set(before);
  }
}

/** Credentials for S3 that nobody looks at. */
export const SOME_KEYS = { AWS_ACCESS_KEY_ID: "some-key", AWS_SECRET_ACCESS_KEY: "some-secret" };

/** No way to find credentials or a region for S3. */
export const NO_KEYS = {
  ...{ AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined, AWS_SESSION_TOKEN: undefined, AWS_PROFILE: undefined },
  ...{ AWS_CONFIG_FILE: "/nonexistent", AWS_SHARED_CREDENTIALS_FILE: "/nonexistent", AWS_EC2_METADATA_DISABLED: "true" },
  ...{ AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: undefined, AWS_CONTAINER_CREDENTIALS_FULL_URI: undefined },
  ...{ AWS_WEB_IDENTITY_TOKEN_FILE: undefined, AWS_REGION: undefined, AWS_DEFAULT_REGION: undefined },
};
