package io.meshagent.it.programs.stages;

import io.grpc.CallOptions;
import io.grpc.Context;
import io.meshagent.core.api.Side;
import io.meshagent.it.programs.stages.TrialStages.Answering;
import io.meshagent.it.programs.stages.TrialStages.Broken;
import io.meshagent.it.programs.stages.TrialStages.Delay;
import io.meshagent.it.programs.stages.TrialStages.Fallback;
import io.meshagent.it.programs.stages.TrialStages.Gate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** Prints a line for each trial: its name, and what the program has seen. */
public final class Trials {

  private static final CallOptions PLAIN = CallOptions.DEFAULT;
  private static final int CROWD = 1_000;

  private Trials() {}

  /** No arguments. */
  public static void main(String[] args) throws Exception {
    for (Side side : Side.values()) {
      for (Kind kind : Kind.values()) {
        delayed(side, kind, false);
        answered(side, kind);
        if (!kind.blocks()) {
          cancelled(side, kind);
        }
        outOfTime(side, kind);
      }
      replaced(side);
      refusedLater(side);
      broken(side);
      crowd(side);
    }
    delayed(Side.SERVER, Kind.SUM, true);
    delayed(Side.SERVER, Kind.BLOCKING, true);
    contextCancelled();
    channelShutDown(false);
    channelShutDown(true);
    serverShutDown(false);
    serverShutDown(true);
    requestedLater();
    tooMuch();
    pressure();
    System.out.println("end of trials");
  }

  private static void say(String trial, Side side, String seen) {
    System.out.println(trial + " on " + side.name().toLowerCase(Locale.ROOT) + ": " + seen);
  }

  private static void delayed(Side side, Kind kind, boolean direct) throws Exception {
    try (TrialWorld world = new TrialWorld(side, new Delay(), direct)) {
      String seen = kind.call(world.channel, PLAIN, "you");
      String rest = world.rest();
      String ready = kind == Kind.SUM && side == Side.CLIENT ? readiness(world) : "";
      say(
          "delayed " + kind.word() + (direct ? " direct" : ""),
          side,
          seen + ready + ", strange " + world.service.strange.get() + ", " + rest);
    }
  }

  /** Whether the call says that it is not ready while it waits, and that it is later. */
  private static String readiness(TrialWorld world) {
    RawCall raw = new RawCall(world.channel, TrialService.SUM, PLAIN);
    boolean before = raw.call.isReady();
    Waiting.until("the call is ready", raw.call::isReady);
    raw.call.cancel("enough", null);
    return before ? ", ready at once" : ", ready later";
  }

  private static void answered(Side side, Kind kind) throws Exception {
    try (TrialWorld world = new TrialWorld(side, new Answering(), false)) {
      String seen = kind.call(world.channel, PLAIN, "you");
      say(
          "answered " + kind.word(),
          side,
          seen + ", handled " + world.service.started.get() + ", " + world.rest());
    }
  }

  private static void cancelled(Side side, Kind kind) throws Exception {
    Gate gate = new Gate(false);
    try (TrialWorld world = new TrialWorld(side, gate, false)) {
      Response response = new Response();
      Context.CancellableContext context = Context.current().withCancellation();
      context.run(() -> kind.start(world.channel, PLAIN, "you", response));
      Waiting.until("it waits", () -> !gate.waiting.isEmpty());
      context.cancel(null);
      String seen = response.end();
      Waiting.until("the gate knows", () -> gate.abandoned.get() == 1);
      gate.open();
      say(
          "cancelled " + kind.word(),
          side,
          code(seen) + ", handled " + world.service.started.get() + ", " + world.rest());
    }
  }

  private static void outOfTime(Side side, Kind kind) throws Exception {
    Gate gate = new Gate(false);
    try (TrialWorld world = new TrialWorld(side, gate, false)) {
      String seen = "";
      // A busy machine may need longer to get as far as the gate.
      for (long millis = 100; gate.entered.get() == 0; millis *= 2) {
        CallOptions hurried = PLAIN.withDeadlineAfter(millis, TimeUnit.MILLISECONDS);
        seen = kind.call(world.channel, hurried, "you");
      }
      Waiting.until("the gate knows", () -> gate.abandoned.get() == gate.entered.get());
      // On a server, the caller's cancel comes about when its own time is over.
      String end = side == Side.CLIENT ? seen : code(seen);
      String rest = world.rest();
      say(
          "late " + kind.word(),
          side,
          end
              + ", handled "
              + world.service.started.get()
              + ", "
              + (side == Side.CLIENT
                  ? rest
                  : rest.replaceAll("^(CANCELLED|DEADLINE_.*)$", "over")));
    }
  }

  private static String code(String seen) {
    return seen.replaceAll("(?s):.*", "");
  }

  private static void replaced(Side side) throws Exception {
    try (TrialWorld world = new TrialWorld(side, new Fallback(), false)) {
      for (Kind kind : Kind.values()) {
        String seen = kind.call(world.channel, PLAIN, "down");
        say("replaced " + kind.word(), side, seen + ", " + world.rest());
      }
      RawCall raw = new RawCall(world.channel, TrialService.HELLO, PLAIN);
      raw.call.sendMessage("down");
      raw.call.halfClose();
      raw.call.request(2);
      say("replaced raw", side, raw.awaitEvents(3));
    }
  }

  private static void refusedLater(Side side) throws Exception {
    Gate gate = new Gate(true);
    try (TrialWorld world = new TrialWorld(side, gate, false)) {
      Response response = new Response();
      Kind.UNARY.start(world.channel, PLAIN, "you", response);
      Waiting.until("it waits", () -> !gate.waiting.isEmpty());
      gate.open();
      say("refused later", side, response.end() + ", " + world.rest());
    }
  }

  private static void broken(Side side) throws Exception {
    try (TrialWorld world = new TrialWorld(side, new Broken(), false)) {
      say("broken", side, Kind.UNARY.call(world.channel, PLAIN, "you") + ", " + world.rest());
    }
  }

  /** Many that wait, and no thread for any of them. */
  private static void crowd(Side side) throws Exception {
    Gate gate = new Gate(false);
    try (TrialWorld world = new TrialWorld(side, gate, false)) {
      List<Response> responses = new ArrayList<>();
      int threads = 0;
      for (int i = 0; i < CROWD; i++) {
        Response response = new Response();
        Kind.UNARY.start(world.channel, PLAIN, "you", response);
        responses.add(response);
        if (i == 9) {
          Waiting.until("ten wait", () -> gate.waiting.size() == 10);
          threads = Thread.activeCount();
        }
      }
      Waiting.until("all wait", () -> gate.waiting.size() == CROWD);
      int more = Math.max(0, Thread.activeCount() - threads);
      gate.open();
      long good = responses.stream().filter(each -> each.end().equals("hello you OK")).count();
      say(
          "crowd",
          side,
          good
              + " good, "
              + (more <= 4 ? "no threads" : more + " threads")
              + ", strange "
              + world.service.strange.get()
              + ", "
              + world.rest());
    }
  }

  private static void contextCancelled() throws Exception {
    Gate gate = new Gate(false);
    try (TrialWorld world = new TrialWorld(Side.CLIENT, gate, false)) {
      RawCall raw = new RawCall(world.channel, TrialService.CHAT, PLAIN);
      raw.call.sendMessage("0:");
      raw.call.cancel("enough", null);
      raw.call.sendMessage("1:");
      say("cancelled by the program", Side.CLIENT, raw.awaitEvents(1) + ", " + world.rest());
    }
  }

  private static void channelShutDown(boolean now) throws Exception {
    try (TrialWorld world = new TrialWorld(Side.CLIENT, new Gate(false), false)) {
      Response response = new Response();
      Kind.CHAT.start(world.channel, PLAIN, "you", response);
      if (now) {
        world.channel.shutdownNow();
      } else {
        world.channel.shutdown();
      }
      say("shut down" + (now ? " now" : ""), Side.CLIENT, response.end() + ", " + world.rest());
    }
  }

  private static void serverShutDown(boolean now) throws Exception {
    Gate gate = new Gate(false);
    try (TrialWorld world = new TrialWorld(Side.SERVER, gate, false)) {
      Response response = new Response();
      Kind.SUM.start(world.channel, PLAIN, "you", response);
      Waiting.until("it waits", () -> !gate.waiting.isEmpty());
      if (now) {
        world.server.shutdownNow();
        Waiting.until("the gate knows", () -> gate.abandoned.get() == 1);
      } else {
        world.server.shutdown();
        gate.open();
      }
      String seen = now ? code(response.end()) : response.end();
      say("shut down" + (now ? " now" : ""), Side.SERVER, seen + ", " + world.rest());
    }
  }

  /** A message that was not requested is not handed on, whoever has made it. */
  private static void requestedLater() throws Exception {
    try (TrialWorld world = new TrialWorld(Side.CLIENT, new Answering(), false)) {
      RawCall raw = new RawCall(world.channel, TrialService.CHAT, PLAIN);
      String first = raw.awaitEvents(1);
      raw.call.request(1);
      say("requested later", Side.CLIENT, first + " then " + raw.awaitEvents(3));
      RawCall other = new RawCall(world.channel, TrialService.CHAT, PLAIN);
      other.awaitEvents(1);
      other.call.cancel("enough", null);
      other.call.request(1);
      say("requested never", Side.CLIENT, other.awaitEvents(2));
    }
  }

  /** A program that never asks whether the call is ready is not kept for ever. */
  private static void tooMuch() throws Exception {
    for (boolean refuses : new boolean[] {false, true}) {
      try (TrialWorld world = new TrialWorld(Side.CLIENT, new Gate(refuses), false)) {
        Response response = new Response();
        Kind.send(
            io.grpc.stub.ClientCalls.asyncClientStreamingCall(
                world.channel.newCall(TrialService.SUM, PLAIN), response),
            10_010);
        say("too much" + (refuses ? " refused" : ""), Side.CLIENT, response.end());
      }
    }
  }

  /** While a server's call waits, its caller can send no more than flow control lets it. */
  private static void pressure() throws Exception {
    Gate gate = new Gate(false);
    try (TrialWorld world = new TrialWorld(Side.SERVER, gate, false)) {
      RawCall raw = new RawCall(world.channel, TrialService.SUM, PLAIN);
      char[] padding = new char[10_000];
      Waiting.until("it waits", () -> !gate.waiting.isEmpty());
      Waiting.until("it is ready", raw.call::isReady);
      int sent = 0;
      while (raw.call.isReady() && sent < 10_000) {
        raw.call.sendMessage(sent++ + ":" + new String(padding));
      }
      gate.open();
      int expected = sent;
      raw.call.request(2);
      raw.call.halfClose();
      String seen = raw.awaitEvents(3);
      say(
          "pressure",
          Side.SERVER,
          (sent < 1_000 ? "held back" : "sent " + sent)
              + ", all came: "
              + seen.contains(expected + " in order"));
    }
  }
}
