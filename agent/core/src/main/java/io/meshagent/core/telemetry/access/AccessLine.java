package io.meshagent.core.telemetry.access;

import com.google.gson.stream.JsonWriter;
import io.meshagent.core.api.Instance;
import io.meshagent.core.api.Side;
import io.meshagent.core.call.Answer;
import io.meshagent.core.call.Call;
import io.meshagent.core.call.Outcome;
import io.meshagent.core.call.TraceId;
import io.meshagent.core.log.Printable;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What is known of a call that has ended, and how it is written. Names, descriptions and headers
 * come from others: they are cut, and can neither end the line nor steer a terminal. Immutable; the
 * call itself is let go of.
 */
final class AccessLine {

  /** What is longer is cut. */
  static final int LONGEST = 500;

  /** Stands between notes. */
  static final String BETWEEN = "\n";

  private static final double NANOS_OF_MILLI = 1e6;

  private final long endMillis;
  private final Side side;
  private final String method;
  private final Object peer;
  private final String caller;
  private final Outcome outcome;
  private final long nanos;
  private final int attempts;
  private final String traceparent;
  private final boolean ourDeadline;
  private final String notes;

  /**
   * @param endMillis when it ended, of the wall clock
   * @param notes null for none
   */
  AccessLine(Call call, long endMillis, int attempts, String notes) {
    this.endMillis = endMillis;
    this.side = call.plan().side();
    this.method = call.plan().method();
    this.peer = call.peer();
    this.caller = side == Side.SERVER ? call.callerName() : null;
    this.outcome = call.outcome();
    this.nanos = call.elapsedNanos();
    this.attempts = attempts;
    this.traceparent = call.traceparent();
    this.ourDeadline = outcome.isOutOfTime() && call.hasOurDeadline();
    this.notes = notes;
  }

  /** One object in a line. */
  String json() {
    StringWriter text = new StringWriter(512);
    try (JsonWriter json = new JsonWriter(text)) {
      json.beginObject();
      json.name("time").value(time());
      json.name("side").value(side.word());
      json.name("method").value(cut(method));
      json.name("status").value(outcome.code().name());
      json.name("duration_ms").value(millis());
      optional(json, "peer", peer());
      optional(json, "caller", caller);
      if (side == Side.CLIENT) {
        json.name("attempts").value(attempts);
      }
      optional(json, "trace_id", TraceId.trace(traceparent));
      optional(json, "span_id", TraceId.span(traceparent));
      optional(json, "description", outcome.description());
      List<String> verdicts = verdicts();
      if (!verdicts.isEmpty()) {
        json.name("verdicts").beginArray();
        for (String verdict : verdicts) {
          json.value(cut(verdict));
        }
        json.endArray();
      }
      json.endObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    // What JSON itself lets stand can only be in a text, where this form of it is good, too.
    return Printable.of(text.toString()) + System.lineSeparator();
  }

  private static void optional(JsonWriter json, String name, String value) throws IOException {
    if (value != null) {
      json.name(name).value(cut(value));
    }
  }

  /** Words with blanks between; what others may have written stands in quotation marks. */
  String text() {
    StringBuilder text = new StringBuilder(256);
    text.append(time()).append(' ').append(side.word()).append(' ').append(quoted(method));
    text.append(' ').append(outcome.code()).append(' ').append(millis()).append("ms");
    optional(text, "peer", peer());
    optional(text, "caller", caller);
    if (side == Side.CLIENT) {
      text.append(" attempts=").append(attempts);
    }
    optional(text, "trace", TraceId.trace(traceparent));
    optional(text, "span", TraceId.span(traceparent));
    optional(text, "description", outcome.description());
    for (String verdict : verdicts()) {
      optional(text, "verdict", verdict);
    }
    return text.append(System.lineSeparator()).toString();
  }

  private static void optional(StringBuilder text, String name, String value) {
    if (value != null) {
      text.append(' ').append(name).append('=').append(quoted(value));
    }
  }

  /** As it is if it is one word. */
  private static String quoted(String value) {
    String printable = Printable.of(cut(value));
    return printable.matches("[^\\s\"=\\\\]+")
        ? printable
        : '"' + printable.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  private String time() {
    return Instant.ofEpochMilli(endMillis).toString();
  }

  /** To the microsecond. */
  private double millis() {
    return Math.round(nanos / NANOS_OF_MILLI * 1_000) / 1_000.0;
  }

  /** Host and port, without asking anybody for a name. */
  private String peer() {
    if (peer instanceof InetSocketAddress) {
      InetSocketAddress address = (InetSocketAddress) peer;
      String host =
          address.getAddress() == null
              ? address.getHostString()
              : address.getAddress().getHostAddress();
      return Instance.hostPort(host, address.getPort());
    }
    return peer == null ? null : peer.toString();
  }

  /** Which policy did what, the outermost one's word last. */
  private List<String> verdicts() {
    List<String> verdicts = new ArrayList<>();
    if (notes != null) {
      for (String note : notes.split(BETWEEN, -1)) {
        verdicts.add(note);
      }
    }
    if (ourDeadline) {
      verdicts.add("timeout: ended it");
    }
    addEnds(verdicts, outcome);
    return verdicts;
  }

  private static void addEnds(List<String> verdicts, Outcome end) {
    if (end.replaced() != null) {
      addEnds(verdicts, end.replaced());
    }
    if (end.refusal() != null) {
      verdicts.add(end.refusal().policy() + ": refused");
    }
    Answer answer = end.answer();
    if (answer != null) {
      verdicts.add(
          answer.policy()
              + (end.replaced() == null
                  ? ": answered"
                  : ": answered in the place of "
                      + end.replaced().code().name().toLowerCase(Locale.ROOT)));
    }
  }

  private static String cut(String text) {
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
  }
}
