package io.meshagent.core.cli;

import io.meshagent.bootstrap.MeshAgent;
import io.meshagent.core.config.ConfigLoader;
import io.meshagent.core.config.DocumentText;
import io.meshagent.core.config.PlaintextPassword;
import io.meshagent.core.config.Problem;
import io.meshagent.core.config.RegistryKeys;
import io.meshagent.core.config.Settings;
import io.meshagent.core.log.Printable;
import io.meshagent.core.policy.Policies;
import io.meshagent.core.registry.Registry.WrittenDocument;
import io.meshagent.core.registry.etcd.EtcdUnavailable;
import io.meshagent.core.registry.etcd.StoredDocuments;
import io.meshagent.core.registry.etcd.access.ConfiguredEtcd;
import io.meshagent.core.rules.DocumentCheck;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Paths;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * {@code policies …}: reads and writes the documents that change policies while programs run. One
 * with a mistake is not written. Exit status 0 if it is so now, 1 if it is not or a program refuses
 * it, 2 for wrong use, 3 if it is written and none of the programs that are there runs it.
 */
final class PoliciesCommand {

  static final List<String> USAGE =
      Collections.unmodifiableList(
          Arrays.asList(
              "policies [list]   the documents in etcd that change policies, and who runs them",
              "policies show NAME   one of them",
              "policies put NAME FILE|-   write one, and wait for what programs say",
              "policies set NAME key=value ...   the same, for some settings of it",
              "policies delete NAME   and with it what it set",
              "  (exit status 1: not done, or refused; 3: done, and no program runs it so yet)"));

  private static final String NAME = "[\\w.-]+(/[\\w.-]+)*";
  private static final int LONGEST_NAME = 120;

  /** Somebody else writes the same document just now. */
  private static final int MOST_TRIES = 5;

  private final InputStream in;
  private final PrintStream out;
  private final Settings settings;

  PoliciesCommand(InputStream in, PrintStream out, Settings settings) {
    this.in = in;
    this.out = out;
    this.settings = settings;
  }

  static int run(List<String> args, InputStream in, PrintStream out) {
    try {
      Settings settings =
          ConfigLoader.load(
              Policies.keys(),
              null,
              MeshAgent.jarFile().toPath(),
              System.getenv(),
              System.getProperties());
      return new PoliciesCommand(in, out, settings).run(args);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  int run(List<String> args) {
    String verb = args.isEmpty() ? "list" : args.get(0);
    String name = args.size() < 2 ? "" : args.get(1);
    List<String> rest = args.subList(Math.min(2, args.size()), args.size());
    switch (verb) {
      case "list":
        return args.size() > 1 ? usage() : on(this::list);
      case "help":
      case "--help":
      case "-h":
        int unused = usage();
        return 0;
      case "show":
        return args.size() != 2 ? usage() : on(stored -> show(stored, name));
      case "delete":
        return args.size() != 2 ? usage() : on(stored -> delete(stored, name));
      case "put":
        return args.size() != 3 ? usage() : put(name, rest.get(0));
      case "set":
        boolean isUse = !rest.isEmpty() && rest.stream().allMatch(word -> word.indexOf('=') > 0);
        return isUse ? set(name, rest) : usage();
      default:
        return usage();
    }
  }

  private int usage() {
    out.println("usage: java -jar mesh-agent.jar COMMAND");
    USAGE.forEach(line -> out.println("  " + line));
    return 2;
  }

  /** What is done with the documents. */
  private interface Act {
    int on(StoredDocuments stored) throws EtcdUnavailable;
  }

  private int on(Act act) {
    for (Problem problem : settings.problems()) {
      out.println("warning: " + problem);
    }
    String plaintext = PlaintextPassword.problem(settings);
    if (plaintext != null) {
      return say(plaintext + ".");
    }
    List<String> endpoints = settings.get(RegistryKeys.ETCD_ENDPOINTS);
    if (endpoints.isEmpty()) {
      return say(
          "etcd.endpoints is not set, so there is nowhere to look; set it as for the agent: in"
              + " mesh-agent.properties, as MESH_ETCD_ENDPOINTS, or by -Dmesh.etcd.endpoints=…"
              + " before -jar.");
    }
    try (StoredDocuments stored =
        new StoredDocuments(
            ConfiguredEtcd.of(settings), settings.get(RegistryKeys.DOCUMENTS_PREFIX))) {
      return act.on(stored);
    } catch (EtcdUnavailable e) {
      return say("etcd did not do it: " + e.getMessage() + ".");
    }
  }

  /** That it was not done. */
  private int say(String sentence) {
    out.println(Printable.of(sentence));
    return 1;
  }

  private int list(StoredDocuments stored) throws EtcdUnavailable {
    Map<String, WrittenDocument> documents = stored.documents();
    if (documents.isEmpty()) {
      out.println("There are no documents below " + stored.folder() + ".");
      return 0;
    }
    Map<String, String> reports = stored.reports();
    documents.forEach(
        (name, document) ->
            out.println(
                Printable.of(name)
                    + " (revision "
                    + document.revision()
                    + "): "
                    + PolicyAnswers.of(reports, name, document.revision()).summary()));
    return 0;
  }

  private int show(StoredDocuments stored, String name) throws EtcdUnavailable {
    WrittenDocument document = stored.document(name);
    if (document == null) {
      return none(stored, name);
    }
    if (document.text() == null) {
      return say("Document " + name + " is longer than 64 KiB, the most that is read.");
    }
    out.print(Printable.lines(DocumentText.shown(document.text(), Policies.keys())));
    return 0;
  }

  private int none(StoredDocuments stored, String name) {
    return say("There is no document " + name + " below " + stored.folder() + ".");
  }

  private int delete(StoredDocuments stored, String name) throws EtcdUnavailable {
    for (int i = 0; i < MOST_TRIES; i++) {
      WrittenDocument before = stored.document(name);
      if (before == null) {
        return none(stored, name);
      }
      if (stored.delete(name, before.revision())) {
        out.println("Document " + name + " is deleted.");
        return PolicyAnswers.await(stored, name, PolicyAnswers.GONE, out);
      }
    }
    return busy(name);
  }

  private int busy(String name) {
    return say("Document " + name + " was not written: others write it all the time.");
  }

  private int put(String name, String file) {
    String text;
    try {
      text = text(file);
    } catch (CharacterCodingException e) {
      return say(file + " is not UTF-8; nothing was written.");
    } catch (IOException | InvalidPathException e) {
      return say(file + " can't be read (" + e + "); nothing was written.");
    }
    // Before etcd is asked for anything.
    return isGood(name, text) ? on(stored -> write(stored, name, before -> text)) : 1;
  }

  private String text(String file) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    byte[] some = new byte[8_192];
    try (InputStream from = file.equals("-") ? in : Files.newInputStream(Paths.get(file))) {
      // A little more than fits is enough to know.
      for (int n = 0; n >= 0 && bytes.size() <= DocumentCheck.LONGEST; n = from.read(some)) {
        bytes.write(some, 0, n);
      }
    }
    return StandardCharsets.UTF_8
        .newDecoder()
        .decode(ByteBuffer.wrap(bytes.toByteArray()))
        .toString();
  }

  private int set(String name, List<String> assignments) {
    Map<String, String> values = new LinkedHashMap<>();
    for (String assignment : assignments) {
      int at = assignment.indexOf('=');
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
    return isGood(name, DocumentText.with("", values))
        ? on(stored -> write(stored, name, before -> DocumentText.with(before, values)))
        : 1;
  }

  /** Whether a text would change other lines of a document than its own. */
  private static boolean isMoreThanALine(String text) {
    return text.indexOf('\n') >= 0 || text.indexOf('\r') >= 0 || text.endsWith("\\");
  }

  /** What programs would say of it; if it is bad, that is said here. */
  private boolean isGood(String name, String text) {
    if (!name.matches(NAME) || name.length() > LONGEST_NAME) {
      out.println(
          "A document's name has up to 120 letters, digits, dots, dashes and underscores, and"
              + " slashes between them; nothing was written.");
      return false;
    }
    boolean fits = text.getBytes(StandardCharsets.UTF_8).length <= DocumentCheck.LONGEST;
    List<String> problems =
        DocumentCheck.problems("document " + name, fits ? text : null, Policies.keys());
    if (problems.isEmpty()) {
      return true;
    }
    problems.forEach(problem -> out.println(Printable.of(problem)));
    out.println("Nothing was written; correct the document first.");
    return false;
  }

  /**
   * @param change of the text that is there, which is empty if there is none
   */
  private int write(StoredDocuments stored, String name, UnaryOperator<String> change)
      throws EtcdUnavailable {
    for (int i = 0; i < MOST_TRIES; i++) {
      WrittenDocument before = stored.document(name);
      String old = before == null || before.text() == null ? "" : before.text();
      String text = change.apply(old);
      if (!isGood(name, text)) {
        return 1;
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
}
