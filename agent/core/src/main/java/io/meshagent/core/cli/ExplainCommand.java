package io.meshagent.core.cli;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.meshagent.core.cli.table.Command;
import io.meshagent.core.cli.table.Given;
import io.meshagent.core.cli.table.Io;
import io.meshagent.core.cli.table.Misuse;
import java.io.UnsupportedEncodingException;
import java.net.URLEncoder;

/**
 * {@code explain METHOD}: asks a running program why its calls of a method go as they go, or what
 * becomes of those that it serves.
 */
final class ExplainCommand {

  static final Command COMMAND =
      Command.of("explain", "why the calls of a method go where they go, fail or are refused")
          .takes("METHOD", "pkg.Service/Method, or a service")
          .option("--pid", "PID", "of the program, on this machine and of this user")
          .option("--url", "HOST:PORT", "of the program's admin page, instead")
          .options(
              "--header", "NAME=VALUE", "that the call would have; mesh-caller=APP names who calls")
          .option("--json", "for programs")
          .note("No call is made and nothing changes.")
          .note("Exit status 0 if nothing speaks against the calls, 1 if something does.")
          .does(ExplainCommand::run);

  private static final Gson GSON =
      new GsonBuilder().setPrettyPrinting().serializeNulls().disableHtmlEscaping().create();

  private ExplainCommand() {}

  private static int run(Given given, Io io) throws Misuse {
    StringBuilder query = new StringBuilder("/explain?method=").append(encoded(given.word(0)));
    for (String header : given.options("--header")) {
      if (header.indexOf('=') <= 0) {
        throw new Misuse("--header needs NAME=VALUE.");
      }
      query.append("&header=").append(encoded(header));
    }
    JsonObject said;
    try {
      said = RunningAgent.of(given).json(query.toString());
    } catch (RunningAgent.Refused e) {
      throw new Misuse(e.getMessage());
    } catch (RunningAgent.Silent e) {
      io.err().println(e.getMessage());
      return Exit.SILENCE;
    }
    if (given.has("--json")) {
      io.out().println(GSON.toJson(said));
    } else {
      new ExplanationText(io.out()).print(said);
    }
    JsonArray causes = said.getAsJsonArray("causes");
    return causes == null || causes.size() == 0 ? 0 : Exit.TROUBLE;
  }

  private static String encoded(String text) {
    try {
      return URLEncoder.encode(text, "UTF-8");
    } catch (UnsupportedEncodingException e) {
      throw new IllegalStateException(e);
    }
  }
}
