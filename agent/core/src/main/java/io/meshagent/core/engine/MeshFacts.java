package io.meshagent.core.engine;

import io.meshagent.core.config.CurrentSettings;
import io.meshagent.core.config.Drains;
import io.meshagent.core.config.Governance;
import io.meshagent.core.config.Keys;
import io.meshagent.core.config.Problem;
import io.meshagent.core.config.RegistryKeys;
import io.meshagent.core.config.Setting;
import io.meshagent.core.config.Settings;
import io.meshagent.core.directory.DirectoryView;
import io.meshagent.core.directory.KnownInstance;
import io.meshagent.core.explain.AskedCall;
import io.meshagent.core.explain.Explanation;
import io.meshagent.core.log.Log;
import io.meshagent.core.log.LogLine;
import io.meshagent.core.policy.PlanCompiler;
import io.meshagent.core.registry.FeedStatus;
import io.meshagent.core.registry.RegistrationStatus;
import io.meshagent.core.registry.Registry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/** What the admin page shows, put together at each look. Thread-safe. */
final class MeshFacts {

  private final CurrentSettings settings;
  private final Identity identity;
  private final Registry registry;
  private final Supplier<Map<String, String>> entries;
  private final DirectoryView directory;
  private final PlanCompiler plans;
  private final ChannelNotes channels;
  private final Supplier<Map<String, Object>> routes;
  private final Supplier<List<Map<String, Object>>> documents;
  private final Explanation explanation;

  /**
   * @param entries the state of each entry of this program
   * @param servers what it serves
   * @param routes facts of them under their headings
   * @param documents what became of each
   */
  MeshFacts(
      Parts parts,
      Registry registry,
      Supplier<Map<String, String>> entries,
      Explanation.Servers servers,
      Supplier<Map<String, Object>> routes,
      Supplier<List<Map<String, Object>>> documents) {
    this.documents = documents;
    this.settings = parts.settings;
    this.identity = parts.identity;
    this.registry = registry;
    this.entries = entries;
    this.routes = routes;
    this.directory = parts.directory.view();
    this.plans = parts.plans;
    this.channels = parts.channels;
    this.explanation =
        new Explanation(
            settings, directory, plans, channels::explain, servers, documents, registry.describe());
  }

  /** What is to be said of the calls that the query of the page asks about. */
  Map<String, Object> explain(String query) {
    return explanation.of(AskedCall.of(query));
  }

  /** Every fact under its heading, in the order of the page. */
  Map<String, Object> now() {
    Map<String, Object> page = new LinkedHashMap<>();
    page.put("application", application());
    page.put("registration", registration());
    page.put("services", services());
    page.put("channels", channels());
    Settings inForce = settings.now();
    if (!inForce.get(RegistryKeys.DRAINS).isEmpty()) {
      page.put("drains", drains(inForce.get(RegistryKeys.DRAINS)));
    }
    page.putAll(routes.get());
    page.putAll(plans.policies().facts());
    page.put("documents", documents.get());
    page.put("problems", problems(inForce));
    page.put("settings", changedSettings(inForce));
    return page;
  }

  private List<Map<String, Object>> drains(Drains drains) {
    Set<String> own = DrainNews.places(entries.get());
    List<Map<String, Object>> rows = new ArrayList<>();
    for (Drains.Drain each : drains.all()) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("instance", each.instance());
      row.put("is", own.contains(each.instance()) ? "this program" : "another program");
      row.put("since", each.since());
      row.put("by", each.by());
      rows.add(row);
    }
    return rows;
  }

  /** What would be done is not what is done while governance is off, or only observes. */
  private List<Map<String, Object>> channels() {
    List<Map<String, Object>> rows = channels.rows();
    if (settings.now().get(Keys.GOVERNANCE) != Governance.ON) {
      for (Map<String, Object> row : rows) {
        row.put("calls go to", "its own target");
        if ("".equals(row.get("because"))) {
          row.put("because", "governance=" + governance());
        }
      }
    }
    return rows;
  }

  private String governance() {
    return settings.now().get(Keys.GOVERNANCE).name().toLowerCase(Locale.ROOT);
  }

  private Map<String, Object> application() {
    Map<String, Object> facts = new LinkedHashMap<>(identity.metadata(null));
    facts.put("id", identity.id());
    facts.put("governance", governance());
    return facts;
  }

  private Map<String, Object> registration() {
    RegistrationStatus own = registry.status().registration();
    FeedStatus feed = registry.status().feed();
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("registry", registry.describe());
    facts.put("state", own.state().name());
    facts.put("desired", own.desired());
    facts.put("registered", own.registered());
    facts.put("entries", entries.get());
    facts.put("leases lost", own.leasesLost());
    facts.put("feed", feed.state().name());
    facts.put("entries skipped", feed.counts().entriesSkipped());
    facts.put("directory", directory());
    facts.put("trouble", directory.trouble());
    facts.put("held", directory.held());
    return facts;
  }

  private String directory() {
    Instant written = directory.writtenToDisk();
    if (written != null) {
      return "from disk, written " + written + ", stale";
    }
    return directory.isListed() ? "listed" : "not listed yet";
  }

  private Map<String, Object> services() {
    Map<String, Object> services = new TreeMap<>();
    Drains drains = settings.now().get(RegistryKeys.DRAINS);
    directory
        .known()
        .forEach(
            (service, instances) -> {
              List<Map<String, Object>> rows = new ArrayList<>();
              for (KnownInstance known : instances) {
                Map<String, Object> row = new LinkedHashMap<>();
                row.put("instance", known.instance().hostPort());
                row.put("standing", known.standing().name().toLowerCase(Locale.ROOT));
                row.putAll(known.instance().metadata());
                if (drains.of(known.instance().hostPort()) != null) {
                  row.put("drained", drains.note(known.instance().hostPort()));
                }
                rows.add(row);
              }
              services.put(service, rows);
            });
    return services;
  }

  /**
   * What the agent has said of late, the youngest first; not on the page of facts, for it is none.
   */
  static Map<String, Object> events() {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (LogLine line : Log.recent()) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("at", line.when().toString());
      row.put("level", line.level());
      row.put("event", line.sentence());
      rows.add(row);
    }
    return Collections.singletonMap("events", rows);
  }

  private static List<String> problems(Settings settings) {
    List<String> lines = new ArrayList<>();
    for (Problem problem : settings.problems()) {
      lines.add(problem.toString());
    }
    return lines;
  }

  private static List<Map<String, Object>> changedSettings(Settings settings) {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (Setting setting : settings.sources()) {
      if (!setting.isDefault()) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("setting", setting.name());
        row.put("value", setting.value());
        row.put("from", setting.source());
        rows.add(row);
      }
    }
    return rows;
  }
}
