package io.meshagent.core.explain;

import io.meshagent.core.api.Endpoints;
import io.meshagent.core.api.Side;
import io.meshagent.core.config.CurrentSettings;
import io.meshagent.core.config.Fallback;
import io.meshagent.core.config.Governance;
import io.meshagent.core.config.Keys;
import io.meshagent.core.config.NearNames;
import io.meshagent.core.config.RegistryKeys;
import io.meshagent.core.config.Settings;
import io.meshagent.core.config.Wildcards;
import io.meshagent.core.directory.DirectoryView;
import io.meshagent.core.policy.MethodSettings;
import io.meshagent.core.policy.PlanCompiler;
import io.meshagent.core.telemetry.metrics.CallCounts;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Explains the calls of one method to people: first what speaks against them, then all that was
 * looked at. Called on admin threads, several at a time; makes no call, moves no turn and keeps
 * nothing. Thread-safe.
 */
public final class Explanation {

  private final CurrentSettings settings;
  private final DirectoryView directory;
  private final PlanCompiler plans;
  private final Channels channels;
  private final Servers servers;
  private final Supplier<List<Map<String, Object>>> documents;
  private final String registry;

  /** Knows the channels of this program. Thread-safe. */
  public interface Channels {

    /** Where a call would go over each: those that have called its service, or else some others. */
    List<ExplainedChannel> explain(AskedCall call, Endpoints known);
  }

  /** Knows the servers of this program. Thread-safe. */
  public interface Servers {

    /** Those that list the method, or one of its service, or may answer it unlisted. */
    List<ExplainedServer> serving(AskedCall call);

    /** What is wrong with this program's entries, a whole sentence; null for nothing. */
    String registration();

    /** Of the calls that they were asked for, by the full names of methods. */
    Map<String, CallCounts> counts(Predicate<String> methods);
  }

  /**
   * @param documents what became of each, as the page shows it
   * @param registry for people
   */
  public Explanation(
      CurrentSettings settings,
      DirectoryView directory,
      PlanCompiler plans,
      Channels channels,
      Servers servers,
      Supplier<List<Map<String, Object>>> documents,
      String registry) {
    this.settings = settings;
    this.directory = directory;
    this.plans = plans;
    this.channels = channels;
    this.servers = servers;
    this.documents = documents;
    this.registry = registry;
  }

  /** Everything under its heading, for JSON: maps, lists, strings, numbers and booleans. */
  public Map<String, Object> of(AskedCall call) {
    Settings now = settings.now();
    KnownMethods known = new KnownMethods(call, plans.called(), plans.served());
    List<ExplainedServer> serving = servers.serving(call);
    boolean served = known.isServed() || !serving.isEmpty();
    boolean called = known.isCalled() || !served;
    Causes causes = new Causes();
    List<String> remarks = new ArrayList<>();
    List<Map<String, Object>> read = documents.get();

    Map<String, Object> client = called ? client(call, now, causes, remarks) : null;
    Map<String, Object> server = served ? server(call, now, serving, causes, remarks) : null;
    known.tell(served, causes, remarks);
    read.forEach(causes::document);

    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("method", call.method());
    facts.put("service", call.service());
    facts.put("headers", call.headers());
    facts.put("application", now.get(Keys.APP_NAME));
    facts.put("does", called && served ? "calls and serves" : served ? "serves" : "calls");
    facts.put("governance", word(now.get(Keys.GOVERNANCE)));
    facts.put("governance from", now.applying(Keys.GOVERNANCE, call.method()).get(0).source());
    facts.put("causes", causes.rows());
    facts.put("remarks", remarks);
    if (client != null) {
      facts.putAll(client);
    }
    if (server != null) {
      facts.put("server", server);
    }
    facts.put("documents", read);
    return facts;
  }

  private Map<String, Object> client(
      AskedCall call, Settings now, Causes causes, List<String> remarks) {
    Endpoints known = directory.endpoints(call.service());
    List<ExplainedChannel> over = channels.explain(call, known);
    MethodSettings set = new MethodSettings(call.method(), Side.CLIENT, now);
    directory(call, known, now, causes);
    new ChannelCauses(call.service(), falls(now)).tell(over, causes);
    plans.policies().troubles(set).forEach(each -> causes.add("policy", each));
    remark(call, now, remarks);
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("instances known", known.list().size());
    facts.put("channels", ShownChannels.rows(over));
    facts.put("settings", ShownSettings.rows(set));
    facts.put("defaults", ShownSettings.defaults(set));
    facts.put("policies", plans.policies().facts(set));
    return facts;
  }

  private Map<String, Object> server(
      AskedCall call,
      Settings now,
      List<ExplainedServer> serving,
      Causes causes,
      List<String> remarks) {
    List<Map<String, Object>> rows =
        new ServerCauses(call.service(), now, servers.registration(), causes, remarks)
            .tell(serving);
    return new ServedMethod(call, now, plans, causes, remarks)
        .facts(rows, servers.counts(call::isAbout));
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  /** What becomes of calls that no instance is found for. */
  private static String falls(Settings now) {
    return now.get(RegistryKeys.DISCOVER_FALLBACK) == Fallback.OWN
        ? "calls go to the channel's own target instead (discover.fallback=own)"
        : "calls fail (discover.fallback=fail)";
  }

  private void directory(AskedCall call, Endpoints known, Settings now, Causes causes) {
    if (directory.trouble() != null) {
      causes.add(
          "registry",
          "The registry ("
              + registry
              + ") can't be reached: "
              + directory.trouble()
              + "; calls go by what was known before.");
    }
    if (passes(call.service(), now) != null) {
      return;
    }
    if (known.state() == Endpoints.State.UNKNOWN) {
      causes.add("registry", "The registry (" + registry + ") has not told of any instance yet.");
    } else if (known.state() == Endpoints.State.ABSENT) {
      List<String> near = NearNames.to(call.service(), directory.names(), KnownMethods.MOST_NEAR);
      causes.add(
          "no-such-service",
          "No instance of "
              + call.service()
              + " is registered in "
              + registry
              + ", so "
              + falls(now)
              + (near.isEmpty() ? "." : ". Did you mean " + String.join(" or ", near) + "?"));
    }
  }

  /** Why calls go to the channel's own target, whatever channel that is; null if not so. */
  private String passes(String service, Settings now) {
    Wildcards included = now.get(RegistryKeys.DISCOVER_INCLUDE_SERVICES);
    if (!now.get(RegistryKeys.DISCOVER_ENABLED)) {
      return "discover.enabled=false";
    }
    if (now.get(RegistryKeys.DISCOVER_EXCLUDE_SERVICES).matches(service)) {
      return "discover.exclude-services";
    }
    return !included.patterns().isEmpty() && !included.matches(service)
        ? "discover.include-services"
        : plans.neverLookedUp(service);
  }

  private void remark(AskedCall call, Settings now, List<String> remarks) {
    if (now.get(Keys.GOVERNANCE) != Governance.ON) {
      remarks.add(
          "governance="
              + word(now.get(Keys.GOVERNANCE))
              + ": calls go where they went without the agent, whatever else is said here.");
    }
    String passes = passes(call.service(), now);
    if (passes != null) {
      remarks.add("Calls go to their channel's own target: " + passes + ".");
    }
  }
}
