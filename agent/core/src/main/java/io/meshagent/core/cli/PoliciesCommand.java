package io.meshagent.core.cli;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import io.meshagent.core.cli.DocumentWriter.Unwanted;
import io.meshagent.core.cli.table.Command;
import io.meshagent.core.cli.table.CommandTable;
import io.meshagent.core.cli.table.Io;
import io.meshagent.core.cli.table.Misuse;
import io.meshagent.core.config.DocumentText;
import io.meshagent.core.config.Settings;
import io.meshagent.core.log.Printable;
import io.meshagent.core.policy.Policies;
import io.meshagent.core.registry.Registry.WrittenDocument;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * {@code policies …}: reads and writes the documents that change policies while programs run. One
 * with a mistake is not written. Exit status 0 if it is so now, 1 if it is not or a program refuses
 * it, 2 for wrong use, 3 if it is written and none of the programs that are there runs it.
 */
final class PoliciesCommand {

  private static final Gson GSON = new GsonBuilder().setPrettyPrinting().serializeNulls().create();

  private static final String STATUS =
      "Exit status 0 if it is so now, 1 if it is not or a program refuses it, 3 if it is written and"
          + " no program that is there runs it yet.";

  private final InputStream in;
  private final PrintStream out;
  private final Settings settings;
  private final DocumentWriter writer;

  PoliciesCommand(InputStream in, PrintStream out, Settings settings) {
    this.in = in;
    this.out = out;
    this.settings = settings;
    this.writer = new DocumentWriter(settings, out);
  }

  /** One with the settings as an agent would find them here. */
  static PoliciesCommand here(Io io) {
    return new PoliciesCommand(io.in(), io.out(), MeshRegistry.settings());
  }

  /** The rows of the table. */
  static List<Command> rows(Function<Io, PoliciesCommand> made) {
    return Arrays.asList(
        Command.of("policies list", "the documents in etcd that change policies, and who runs them")
            .option("--json", "for programs")
            .does((given, io) -> made.apply(io).list(given.has("--json"))),
        Command.of("policies get", "one of them, as it can be put again")
            .takes("NAME", "of the document")
            .does((given, io) -> made.apply(io).get(given.word(0))),
        Command.of("policies show", "the same as get")
            .takes("NAME", "of the document")
            .does((given, io) -> made.apply(io).get(given.word(0))),
        Command.of("policies put", "write one, and wait for what programs say")
            .takes("NAME", "of the document")
            .takes("FILE|-", "its text; - for standard input")
            .note(STATUS)
            .does((given, io) -> made.apply(io).put(given.word(0), given.word(1))),
        Command.of("policies set", "the same for some settings of it")
            .takes("NAME", "of the document")
            .takesSeveral("key=value", "settings, perhaps key@selector=value")
            .note(STATUS)
            .does((given, io) -> made.apply(io).set(given.words())),
        Command.of("policies unset", "take settings out of it")
            .takes("NAME", "of the document")
            .takesSeveral("key", "as it stands there, perhaps key@selector")
            .note("A document that sets nothing else is deleted.")
            .note(STATUS)
            .does((given, io) -> made.apply(io).unset(given.words())),
        Command.of("policies check", "what programs would find wrong with one; nothing is written")
            .takes("FILE|-", "its text; - for standard input")
            .does((given, io) -> made.apply(io).check(given.word(0))),
        Command.of("policies diff", "how a file differs from the document; nothing is written")
            .takes("NAME", "of the document")
            .takes("FILE|-", "the other text; - for standard input")
            .note("Exit status 0 if nothing differs, 1 if something does.")
            .does((given, io) -> made.apply(io).diff(given.word(0), given.word(1))),
        Command.of("policies delete", "delete one, and with it what it set")
            .takes("NAME", "of the document")
            .note(STATUS)
            .does((given, io) -> made.apply(io).writer.delete(given.word(0))));
  }

  /** Runs what follows {@code policies}. */
  int run(List<String> args) {
    List<String> words = new ArrayList<>(args);
    words.add(0, "policies");
    return new CommandTable(rows(io -> this), Collections.singletonMap("policies", "policies list"))
        .run(words, new Io(in, out, out));
  }

  private int on(EtcdAccess.Act act) {
    return EtcdAccess.documents(settings, out, act);
  }

  /** That it was not done. */
  private int say(String sentence) {
    out.println(Printable.of(sentence));
    return Exit.TROUBLE;
  }

  private int list(boolean json) {
    return on(
        stored -> {
          Map<String, WrittenDocument> documents = stored.documents();
          Map<String, String> reports =
              documents.isEmpty() ? Collections.emptyMap() : stored.reports();
          if (json) {
            List<Map<String, Object>> rows = new ArrayList<>();
            documents.forEach(
                (name, document) -> {
                  Map<String, Object> row = new LinkedHashMap<>();
                  row.put("document", name);
                  row.put("revision", document.revision());
                  row.putAll(PolicyAnswers.of(reports, name, document.revision()).facts());
                  rows.add(row);
                });
            out.println(GSON.toJson(rows));
          } else if (documents.isEmpty()) {
            out.println("There are no documents below " + stored.folder() + ".");
          } else {
            documents.forEach(
                (name, document) ->
                    out.println(
                        Printable.of(name)
                            + " (revision "
                            + document.revision()
                            + "): "
                            + PolicyAnswers.of(reports, name, document.revision()).summary()));
          }
          return 0;
        });
  }

  private int get(String name) {
    return on(
        stored -> {
          WrittenDocument document = stored.document(name);
          if (document == null) {
            return writer.none(stored, name);
          }
          if (document.text() == null) {
            return say("Document " + name + " is longer than 64 KiB, the most that is read.");
          }
          out.print(Printable.lines(DocumentText.shown(document.text(), Policies.keys())));
          return 0;
        });
  }

  int delete(String name) {
    return writer.delete(name);
  }

  private int put(String name, String file) {
    String text = GivenDocument.text(file, in, out);
    // Before etcd is asked for anything.
    return text != null && writer.isGood(name, text)
        ? writer.change(name, before -> text)
        : Exit.TROUBLE;
  }

  private int check(String file) {
    String text = GivenDocument.text(file, in, out);
    if (text == null || !GivenDocument.isGood(file, text, out)) {
      return Exit.TROUBLE;
    }
    out.println(Printable.of(file + ": no problem."));
    return 0;
  }

  private int diff(String name, String file) {
    String text = GivenDocument.text(file, in, out);
    if (text == null) {
      return Exit.TROUBLE;
    }
    return on(
        stored -> {
          WrittenDocument document = stored.document(name);
          String old = document == null || document.text() == null ? "" : document.text();
          List<String> lines =
              TextDifference.of(
                  DocumentText.shown(old, Policies.keys()),
                  DocumentText.shown(text, Policies.keys()));
          boolean same = lines.stream().allMatch(line -> line.startsWith("  "));
          if (same) {
            out.println(Printable.of("Document " + name + " says the same."));
          } else {
            lines.forEach(line -> out.println(Printable.of(line)));
          }
          return same ? 0 : Exit.TROUBLE;
        });
  }

  /**
   * Sets some settings of a document.
   *
   * @param words its name, then each setting
   */
  int set(List<String> words) throws Misuse {
    String name = words.get(0);
    Map<String, String> values = new LinkedHashMap<>();
    for (String assignment : words.subList(1, words.size())) {
      int at = assignment.indexOf('=');
      if (at <= 0) {
        throw new Misuse(assignment + " is not key=value.");
      }
      values.put(assignment.substring(0, at).trim(), assignment.substring(at + 1).trim());
    }
    for (Map.Entry<String, String> each : values.entrySet()) {
      if (isMoreThanALine(each.getKey()) || isMoreThanALine(each.getValue())) {
        return say(
            each.getKey()
                + "=… is more than one line, or ends in a backslash, which takes in the next;"
                + " nothing was written: give each setting as a word of its own.");
      }
    }
    return writer.isGood(name, DocumentText.with("", values))
        ? writer.change(name, before -> DocumentText.with(before, values))
        : Exit.TROUBLE;
  }

  /** Whether a text would change other lines of a document than its own. */
  private static boolean isMoreThanALine(String text) {
    return text.indexOf('\n') >= 0 || text.indexOf('\r') >= 0 || text.endsWith("\\");
  }

  /**
   * Takes settings out of a document, and deletes it if it has no other.
   *
   * @param words its name, then each key
   */
  int unset(List<String> words) {
    String name = words.get(0);
    List<String> keys = words.subList(1, words.size());
    return writer.change(
        name,
        before -> {
          List<String> absent = new ArrayList<>(keys);
          absent.removeAll(DocumentText.keys(before));
          if (!before.isEmpty() && !absent.isEmpty()) {
            throw new Unwanted(
                Exit.TROUBLE,
                "Document " + name + " does not set " + String.join(", ", absent) + ".");
          }
          String left = DocumentText.without(before, keys);
          return DocumentText.isEmpty(left) ? null : left;
        });
  }
}
