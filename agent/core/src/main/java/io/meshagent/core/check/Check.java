package io.meshagent.core.check;

import io.meshagent.core.config.Keys;
import io.meshagent.core.config.RegistryKeys;
import io.meshagent.core.config.Settings;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Looks whether what a configuration says can be had: of a program before it starts, or of one that
 * runs. All looks go side by side and are over in time, whatever does not answer. Made for one run,
 * by whoever waits for it: a command, or the thread of a page.
 */
public final class Check {

  /** What all looks may take: with what is around it a command is done within five seconds. */
  public static final int LIMIT_MILLIS = 4_000;

  private final Settings settings;
  private final List<Look> looks = new ArrayList<>();
  private final TimeLimit limit;

  private Check(Settings settings, int limitMillis) {
    this.settings = settings;
    this.limit = new TimeLimit(limitMillis);
  }

  /**
   * The settings alone, as they were read.
   *
   * @param shownAs where they stand, for people
   */
  public static Check ofSettings(Settings settings, String shownAs) {
    return of(settings, shownAs, LIMIT_MILLIS);
  }

  private static Check of(Settings settings, String shownAs, int limitMillis) {
    Check check = new Check(settings, limitMillis);
    check.looks.add(new SettingsLook(settings, shownAs, Paths.get("/proc/self/cmdline")));
    return check;
  }

  /**
   * All that a program with these settings will need.
   *
   * @param shownAs as for {@link #ofSettings}
   * @param environment of the program, or of whoever is about to start it
   * @param limitMillis how long to wait for whatever does not answer
   */
  public static Check ofStart(
      Settings settings, String shownAs, Map<String, String> environment, int limitMillis) {
    Check check = of(settings, shownAs, limitMillis);
    if (!settings.get(Keys.ENABLED)) {
      check.looks.add(new OffLook());
      return check;
    }
    check.registry(Collections.emptySet());
    if (settings.get(RegistryKeys.REGISTER_ENABLED)) {
      check.looks.add(new AddressLook(settings, check.limit));
    }
    if (settings.get(Keys.ADMIN_ENABLED)) {
      check.looks.add(new AdminLook(settings, environment));
    }
    check.looks.add(new AgentsLook(variables(environment)));
    return check;
  }

  /**
   * The same of a program that runs.
   *
   * @param running what it is and has
   */
  public static Check ofRunning(Settings settings, RunningProgram running) {
    String file = settings.file();
    Check check = ofSettings(settings, file == null ? "the settings of the program" : file);
    check.registry(running.services());
    check.looks.add(new RunningLook(running, check.limit));
    check.looks.add(new AgentsLook(running.words()));
    return check;
  }

  /** The variables of an environment from which a JVM takes options. */
  public static Map<String, String> variables(Map<String, String> environment) {
    return AgentsLook.of(environment);
  }

  /** The gRPC in a program that does not run. */
  public Check andProgram(String classPath) {
    looks.add(new GrpcLook(classPath));
    return this;
  }

  private void registry(Collection<String> services) {
    List<String> endpoints = settings.get(RegistryKeys.ETCD_ENDPOINTS);
    if (endpoints.isEmpty()) {
      looks.add(FolderLook.ofLocalRegistry(settings));
      return;
    }
    AtomicBoolean rightsLookedAt = new AtomicBoolean();
    EtcdRights rights = new EtcdRights(settings, services);
    for (String endpoint : endpoints) {
      looks.add(new EtcdLook(endpoint, settings, rights, rightsLookedAt, limit));
    }
    if (settings.get(RegistryKeys.DISCOVER_ENABLED)
        && settings.get(RegistryKeys.DISCOVER_SNAPSHOT_ENABLED)) {
      looks.add(FolderLook.ofSnapshot(settings));
    }
  }

  /** Looks at all of it, which takes a few seconds at most. */
  public CheckReport run() {
    return new CheckReport(SideBySide.run(looks, limit), limit.tookMillis());
  }
}
