package io.meshagent.core.rules;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import io.meshagent.core.config.CurrentSettings;
import io.meshagent.core.config.Overlay;
import io.meshagent.core.config.Problem;
import io.meshagent.core.config.Settings;
import io.meshagent.core.log.Log;
import io.meshagent.core.registry.Registry;
import io.meshagent.core.registry.Registry.WrittenDocument;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Puts settings in force as documents and the configuration file change: those of the start, over
 * them what the file says now, over that the good documents in the order of their names. Of each
 * the last good one counts, until another good one comes or it goes. Thread-safe: the registry and
 * the watch of the file tell on threads of their own.
 *
 * <p>Many large documents take long to read, and instances come on the same thread as they: that
 * only leaves them here. What comes while others are read is put in force together.
 */
public final class Documents implements Registry.DocumentListener {

  private static final Gson JSON = new GsonBuilder().serializeNulls().create();

  private final CurrentSettings current;
  private final Settings start;
  private final Member member;
  private final Consumer<String> reports;
  private final Executor loop;

  /** What the registry has told and nobody has read. Guarded by itself, as is the next. */
  private final List<Told> waiting = new ArrayList<>();

  /** Whether there ever was a document. */
  private boolean used;

  /** Volatile: replaced as a whole, read by whoever asks. */
  private volatile List<Map<String, Object>> facts = Collections.emptyList();

  /** By name, as is the next. Guarded by this, as all that follows. */
  private final Map<String, FollowedDocument> followed = new TreeMap<>();

  /** Those that one list lacked: an etcd that lost its data would take all policies with it. */
  private final Set<String> missed = new HashSet<>();

  /** The start's, with the live keys of the file as it is now. */
  private Settings base;

  /**
   * @param current where settings are put in force
   * @param reports takes what this program has to say of the documents, JSON
   * @param loop reads them, one task after the other
   */
  public Documents(
      CurrentSettings current, Member member, Consumer<String> reports, Executor loop) {
    this.current = current;
    this.start = current.now();
    this.base = start;
    this.member = member;
    this.reports = reports;
    this.loop = loop;
  }

  /** Leaves them to the loop, and never waits for it. */
  @Override
  public void documents(Map<String, WrittenDocument> all, boolean listed) {
    synchronized (waiting) {
      used |= !all.isEmpty();
      if (!used) {
        // No thread is needed by who uses none.
        return;
      }
      Told last = waiting.isEmpty() ? null : waiting.get(waiting.size() - 1);
      if (last != null && !last.listed && !listed) {
        // Each has all of them.
        waiting.set(waiting.size() - 1, new Told(all, false));
        return;
      }
      waiting.add(new Told(all, listed));
    }
    loop.execute(this::read);
  }

  private synchronized void read() {
    List<Told> told;
    synchronized (waiting) {
      told = new ArrayList<>(waiting);
      waiting.clear();
    }
    boolean changed = false;
    for (Told each : told) {
      changed |= read(each.all, each.listed);
    }
    if (changed) {
      // Who uses no documents reports nothing.
      putInForce();
      facts = newFacts();
      reports.accept(report());
    }
  }

  private boolean read(Map<String, WrittenDocument> all, boolean listed) {
    boolean changed = false;
    for (Map.Entry<String, WrittenDocument> each : all.entrySet()) {
      FollowedDocument document = followed.computeIfAbsent(each.getKey(), FollowedDocument::new);
      if (!document.isNewest(each.getValue())) {
        changed = true;
        document.read(each.getValue(), base);
        tell(document);
      }
    }
    return forget(all.keySet(), listed) || changed;
  }

  private void tell(FollowedDocument document) {
    List<String> news = document.news(member);
    if (document.isRefused()) {
      news.forEach(Log::warn);
    } else {
      news.forEach(Log::info);
    }
  }

  private boolean forget(Set<String> present, boolean listed) {
    missed.removeAll(present);
    Set<String> gone = new HashSet<>(followed.keySet());
    gone.removeAll(present);
    if (listed) {
      Set<String> again = new HashSet<>(gone);
      again.retainAll(missed);
      missed.addAll(gone);
      gone = again;
    } else {
      gone.removeAll(missed);
    }
    for (String name : gone) {
      followed.remove(name);
      missed.remove(name);
      Log.info("document " + name + " is gone, and with it what it set");
    }
    return !gone.isEmpty();
  }

  /**
   * The configuration was read again. It counts if nothing is wrong with it that was not wrong with
   * it at the start.
   */
  public synchronized void reread(Settings read) {
    Set<String> known =
        start.problems().stream().map(Problem::toString).collect(Collectors.toSet());
    List<String> problems = new ArrayList<>();
    for (Problem problem : read.problems()) {
      if (!known.contains(problem.toString())) {
        problems.add(problem.toString());
      }
    }
    if (!problems.isEmpty()) {
      Log.warn(
          read.file()
              + " was changed, and changes nothing yet, because of what follows; the settings from"
              + " before stay in force");
      problems.forEach(Log::warn);
      return;
    }
    base = start.withLiveOf(read);
    base.problems().stream()
        .filter(problem -> !known.contains(problem.toString()))
        .forEach(problem -> Log.warn(problem.toString()));
    putInForce();
    Log.info(read.file() + " was changed, and its settings are in force");
  }

  private void putInForce() {
    Overlay overlay = new Overlay(base);
    for (FollowedDocument document : followed.values()) {
      if (document.counts(member)) {
        document.layOver(overlay);
      }
    }
    current.replace(overlay.settings());
  }

  /** What became of each, for people. Waits for nobody. */
  public List<Map<String, Object>> facts() {
    return facts;
  }

  private List<Map<String, Object>> newFacts() {
    List<Map<String, Object>> rows = new ArrayList<>();
    followed.values().forEach(document -> rows.add(document.facts(member)));
    return Collections.unmodifiableList(rows);
  }

  private String report() {
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("id", member.id());
    report.put("app", member.app());
    report.put("version", member.version());
    report.putAll(member.facts());
    report.put("documents", facts);
    return JSON.toJson(report);
  }

  /** All documents at one moment. */
  private static final class Told {
    final Map<String, WrittenDocument> all;
    final boolean listed;

    Told(Map<String, WrittenDocument> all, boolean listed) {
      this.all = all;
      this.listed = listed;
    }
  }
}
