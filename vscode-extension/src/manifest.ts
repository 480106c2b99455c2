/**
 * What the extension says of itself in package.json, for code that must agree with it.
 *
 * In: package.json, bundled. Out: the settings' names, the version. Must not know of the editor's API.
 */

import manifest from "../package.json";

export const properties: Record<string, unknown> = manifest.contributes.configuration.properties;
export const version: string = manifest.version;
