package io.meshagent.core.engine;

import io.meshagent.core.api.Endpoints;
import io.meshagent.core.explain.AskedCall;
import io.meshagent.core.explain.ExplainedChannel;
import io.meshagent.core.route.ExplainedRoute;
import io.meshagent.core.route.RoutedServices;
import java.lang.ref.WeakReference;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * Where the calls of the program's channels go, by target, for people: what was said last of a
 * channel for that target. Thread-safe; nothing waits under its lock.
 */
final class ChannelNotes {

  /** Programs may make up targets; those that were heard of last are kept. */
  private static final int MOST = 100;

  /** Of one target, the channels whose services are shown. */
  private static final int MOST_CHANNELS = 10;

  private static final int LONGEST = 300;

  /** Of more nobody would read how a call goes over them. */
  private static final int MOST_EXPLAINED = 10;

  private final UnaryOperator<String> passing;
  private final Supplier<Instant> clock;

  /** Guarded by this. */
  private final Map<String, Note> byTarget =
      new LinkedHashMap<String, Note>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Note> eldest) {
          return size() > MOST;
        }
      };

  /** What is known of a target. Guarded by its owner. */
  private static final class Note {
    /** Null stands for calls that are rerouted. */
    String because;

    /** Since when that is so. */
    Instant since;

    /** Those that were heard of last, while they live. */
    final List<WeakReference<RoutedServices>> channels = new ArrayList<>();
  }

  /**
   * @param passing why calls of a service go to their own target whatever the channel is, half a
   *     sentence
   * @param clock the wall clock
   */
  ChannelNotes(UnaryOperator<String> passing, Supplier<Instant> clock) {
    this.passing = passing;
    this.clock = clock;
  }

  /**
   * @param leftAloneBecause null if calls go to instances of the directory
   * @param channel for what is shown of its services, as long as it lives
   */
  synchronized void note(String target, String leftAloneBecause, RoutedServices channel) {
    Note note = byTarget.computeIfAbsent(shortened(target), unused -> new Note());
    if (note.since == null || !Objects.equals(note.because, leftAloneBecause)) {
      note.since = clock.get();
    }
    note.because = leftAloneBecause;
    note.channels.removeIf(held -> held.get() == null || held.get() == channel);
    if (note.channels.size() == MOST_CHANNELS) {
      note.channels.remove(0);
    }
    note.channels.add(new WeakReference<>(channel));
  }

  private static String shortened(String target) {
    return target.length() <= LONGEST ? target : target.substring(0, LONGEST) + "…";
  }

  /** One row per target, the last one first heard of at the end. */
  List<Map<String, Object>> rows() {
    List<Map<String, Object>> rows = new ArrayList<>();
    List<List<RoutedServices>> channels = new ArrayList<>();
    synchronized (this) {
      byTarget.forEach(
          (target, note) -> {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("target", target);
            row.put(
                "calls go to", note.because == null ? "registered instances" : "its own target");
            row.put("because", note.because == null ? "" : note.because);
            row.put("since", note.since.toString());
            rows.add(row);
            channels.add(live(note));
          });
    }
    for (int i = 0; i < rows.size(); i++) {
      describe(rows.get(i), channels.get(i));
    }
    return rows;
  }

  /**
   * Where a call would go over each channel: those that have called its service, or else some of
   * the others. Alike ones of one target are told of once.
   *
   * @param known what the directory has of the service
   */
  List<ExplainedChannel> explain(AskedCall call, Endpoints known) {
    Map<String, String> because = new LinkedHashMap<>();
    Map<String, List<RoutedServices>> channels = new LinkedHashMap<>();
    synchronized (this) {
      byTarget.forEach(
          (target, note) -> {
            because.put(target, note.because);
            channels.put(target, live(note));
          });
    }
    Map<List<Object>, ExplainedChannel> using = new LinkedHashMap<>();
    Map<List<Object>, ExplainedChannel> others = new LinkedHashMap<>();
    channels.forEach(
        (target, of) -> {
          for (RoutedServices channel : of) {
            boolean uses = channel.routes().containsKey(call.service());
            Map<List<Object>, ExplainedChannel> told = uses ? using : others;
            if (told.size() < MOST_EXPLAINED && (uses || using.isEmpty())) {
              ExplainedRoute route =
                  because.get(target) == null ? channel.explain(call.service(), known, call) : null;
              String way = because.get(target);
              if (route == null && way == null) {
                way = passing.apply(call.service());
              }
              told.putIfAbsent(
                  Arrays.asList(
                      target,
                      route == null ? null : route.scheme(),
                      route == null ? null : route.keeps(),
                      channel.isGoverned()),
                  new ExplainedChannel(target, way, channel.isGoverned(), route));
            }
          }
        });
    return new ArrayList<>((using.isEmpty() ? others : using).values());
  }

  private static List<RoutedServices> live(Note note) {
    List<RoutedServices> live = new ArrayList<>();
    for (WeakReference<RoutedServices> held : note.channels) {
      RoutedServices channel = held.get();
      if (channel != null) {
        live.add(channel);
      }
    }
    return live;
  }

  /** Without the lock: a channel's routes are looked at, and those have locks of their own. */
  private void describe(Map<String, Object> row, List<RoutedServices> channels) {
    boolean leftAlone = !row.get("because").equals("");
    boolean governed = true;
    Map<String, String> services = new TreeMap<>();
    for (RoutedServices channel : channels) {
      governed &= channel.isGoverned();
      channel
          .routes()
          .forEach((service, route) -> services.put(service, route(service, route, leftAlone)));
    }
    row.put("policies", governed ? "all" : "none");
    row.put("services", services);
  }

  private String route(String service, String route, boolean leftAlone) {
    if (route != null) {
      return route;
    }
    return leftAlone ? "its own target" : "its own target: " + passing.apply(service);
  }
}
