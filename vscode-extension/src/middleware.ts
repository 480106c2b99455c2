/**
 * What happens between the editor's requests and the server.
 *
 * In: code actions of the server. Out: the same, but a suggested name is given by the user's own rename provider. Must
 * not know how names are found.
 */

import * as vscode from "vscode";
import type { Middleware } from "vscode-languageclient/node";
import type { Server } from "./client";
import { editorsEdit } from "./rename";
import { readSettings } from "./settings";

/** What a code action of the server that suggests a name carries. */
interface Offer {
  uri: string;
  version: number | null;
  /** Bytes of UTF-8 before the name. */
  offset: number;
  name: string;
  newName: string;
  /** When it was offered, in the server's seconds: what was written since forbids it. */
  offered?: number;
}

export function codekinMiddleware(server: () => Server, log: vscode.LogOutputChannel): Omit<Middleware, "workspace"> {
  return {
    resolveCodeAction: async (action, token, next) => {
      const edit = await delegated((action as { data?: unknown }).data, log);
      if (edit) {
        action.edit = edit;
        return action;
      }
      return server().onBehalf(async () => next(action, token), action.title);
    },
  };
}

async function delegated(data: unknown, log: vscode.LogOutputChannel): Promise<vscode.WorkspaceEdit | undefined> {
  const offer = asOffer(data);
  if (!offer) return undefined;
  const uri = vscode.Uri.parse(offer.uri);
  if (readSettings(uri).renameProvider !== "editor") return undefined;
  const document = vscode.workspace.textDocuments.find((each) => each.uri.toString() === uri.toString());
  if (!document || (offer.version !== null && document.version !== offer.version)) return undefined;
  const text = document.getText();
  const before = unitsBefore(text, offer.offset);
  if (!text.startsWith(offer.name, before)) return undefined;
  const position = document.positionAt(before);
  return editorsEdit({ document, position, newName: offer.newName }, log);
}

function asOffer(data: unknown): Offer | undefined {
  const offer = data as Partial<Offer> | null | undefined;
  const texts = [offer?.uri, offer?.name, offer?.newName];
  const isOffer = texts.every((each) => typeof each === "string") && typeof offer?.offset === "number";
  return isOffer ? (offer as Offer) : undefined;
}

/** The UTF-16 units in the first so many bytes of a text in UTF-8. */
export function unitsBefore(text: string, bytes: number): number {
  return Buffer.from(text, "utf8").subarray(0, bytes).toString("utf8").length;
}
