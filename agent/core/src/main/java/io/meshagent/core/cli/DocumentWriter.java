package io.meshagent.core.cli;

import io.meshagent.core.config.Settings;
import io.meshagent.core.log.Printable;
import io.meshagent.core.registry.Registry.WrittenDocument;
import io.meshagent.core.registry.etcd.EtcdUnavailable;
import io.meshagent.core.registry.etcd.StoredDocuments;
import java.io.PrintStream;

/**
 * Writes one document and waits for what programs say. One with a mistake is not written, and what
 * others write meanwhile is not lost. Exit statuses as of {@link PoliciesCommand}.
 */
final class DocumentWriter {

  /** Somebody else writes the same document just now. */
  private static final int MOST_TRIES = 5;

  private final Settings settings;
  private final PrintStream out;

  DocumentWriter(Settings settings, PrintStream out) {
    this.settings = settings;
    this.out = out;
  }

  /** Makes one text of a document of another. */
  interface Change {

    /**
     * Asked again if somebody else has written meanwhile.
     *
     * @param before empty if there is none
     * @return null if the document is to go
     */
    String of(String before) throws EtcdUnavailable, Unwanted;
  }

  /** Nothing is to be written. */
  static final class Unwanted extends Exception {
    private static final long serialVersionUID = 1;

    private final int status;

    /**
     * @param status to exit with
     * @param why a sentence
     */
    Unwanted(int status, String why) {
      super(why);
      this.status = status;
    }
  }

  /** Changes one document. */
  int change(String name, Change change) {
    return EtcdAccess.documents(settings, out, stored -> write(stored, name, change));
  }

  private int write(StoredDocuments stored, String name, Change change) throws EtcdUnavailable {
    for (int i = 0; i < MOST_TRIES; i++) {
      WrittenDocument before = stored.document(name);
      String text;
      try {
        text = change.of(text(before));
      } catch (Unwanted e) {
        say(e.getMessage());
        return e.status;
      }
      if (text == null) {
        if (before == null || stored.delete(name, before.revision())) {
          return before == null ? none(stored, name) : deleted(stored, name);
        }
        continue;
      }
      if (!isGood(name, text)) {
        return Exit.TROUBLE;
      }
      if (stored.put(name, text, before == null ? 0 : before.revision())) {
        WrittenDocument now = stored.document(name);
        if (now == null) {
          return say("Document " + name + " was written, and somebody deleted it at once.");
        }
        out.println("Document " + name + " is written (revision " + now.revision() + ").");
        return PolicyAnswers.await(stored, name, now.revision(), out);
      }
    }
    return busy(name);
  }

  private static String text(WrittenDocument document) {
    return document == null || document.text() == null ? "" : document.text();
  }

  /** Deletes one, whatever it says. */
  int delete(String name) {
    return change(name, before -> null);
  }

  private int deleted(StoredDocuments stored, String name) {
    out.println(Printable.of("Document " + name + " is deleted."));
    return PolicyAnswers.await(stored, name, PolicyAnswers.GONE, out);
  }

  private int busy(String name) {
    return say("Document " + name + " was not written: others write it all the time.");
  }

  /** That there is none of the name. */
  int none(StoredDocuments stored, String name) {
    return say("There is no document " + name + " below " + stored.folder() + ".");
  }

  /** What programs would say of it; if it is bad, that is said here. */
  boolean isGood(String name, String text) {
    if (!GivenDocument.isName(name, out)) {
      return false;
    }
    if (GivenDocument.isGood("document " + name, text, out)) {
      return true;
    }
    out.println("Nothing was written; correct the document first.");
    return false;
  }

  /** That it was not done. */
  private int say(String sentence) {
    out.println(Printable.of(sentence));
    return Exit.TROUBLE;
  }
}
