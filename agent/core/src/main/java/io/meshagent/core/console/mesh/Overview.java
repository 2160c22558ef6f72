package io.meshagent.core.console.mesh;

import io.meshagent.core.config.Drains;
import io.meshagent.core.rules.ReportedDocument;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Who is there and who calls whom, summed by application: what the picture is drawn from. One
 * object for one look, which is done with the lock of {@link MeshMirror}.
 *
 * <p>A service stands for the application that hosts it, if that is one; where several do, or none
 * that is registered, it stands for itself.
 */
final class Overview {

  private static final int MOST_SERVICES = 50;
  private static final int MOST_METHODS = 3;

  private final MeshMirror mesh;

  /** By service. */
  private final Map<String, Set<String>> hosts = new HashMap<>();

  private final Map<String, Node> nodes = new TreeMap<>();
  private final Map<String, Edge> edges = new TreeMap<>();

  /** Of the instances that anybody gives no calls. */
  private final Set<String> bad = new HashSet<>();

  private Overview(MeshMirror mesh) {
    this.mesh = mesh;
  }

  /** Facts for the page, with the number of the moment. */
  static Map<String, Object> of(MeshMirror mesh) {
    return mesh.look(() -> new Overview(mesh).facts());
  }

  private Map<String, Object> facts() {
    long revision = mesh.revision();
    List<CallsOfProgram> calls = mesh.calls();
    for (CallsOfProgram each : calls) {
      each.bad.forEach(of -> bad.add(of.service + " " + of.instance));
    }
    for (HostedService each : mesh.hosted()) {
      hosts.computeIfAbsent(each.service, unused -> new HashSet<>()).add(each.app());
    }
    Set<String> instances = new HashSet<>();
    for (HostedService each : mesh.hosted()) {
      if (HostedService.isOfProgram(each.service)) {
        instances.add(each.instance);
        Node node = each.app().isEmpty() ? ofService(each.service) : ofApp(each.app());
        node.add(each, bad.contains(each.service + " " + each.instance));
      }
    }
    for (CallsOfProgram each : calls) {
      Node from = ofApp(each.program.app);
      from.callers++;
      each.rows.forEach(row -> edge(from, callee(row.service)).add(each, row));
    }
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("revision", revision);
    facts.put("listed", mesh.isListed());
    facts.put("troubles", mesh.troubles());
    facts.put("services", hosts.keySet().stream().filter(HostedService::isOfProgram).count());
    facts.put("instances", instances.size());
    facts.put("bad", bad.size());
    facts.put("drained", drained(instances));
    facts.put("publishing", calls.size());
    facts.put("refusing", refusing());
    facts.put("nodes", rows(nodes.values(), Node::facts));
    facts.put("edges", rows(edges.values(), Edge::facts));
    return facts;
  }

  /** Also of what is not registered: a drain that nobody remembers waits for who comes there. */
  private List<String> drained(Set<String> instances) {
    List<String> drained = new ArrayList<>();
    for (Drains.Drain each : mesh.drains().all()) {
      String missing = instances.contains(each.instance()) ? "" : ", and not registered";
      drained.add(each.instance() + " is " + each.note() + missing);
    }
    return drained;
  }

  private interface Shown<T> {
    Map<String, Object> facts(T of);
  }

  private static <T> List<Map<String, Object>> rows(Iterable<T> of, Shown<T> shown) {
    List<Map<String, Object>> rows = new ArrayList<>();
    of.forEach(each -> rows.add(shown.facts(each)));
    return rows;
  }

  private long refusing() {
    return mesh.reports().stream()
        .filter(each -> each.documents.values().stream().anyMatch(ReportedDocument::isRefused))
        .count();
  }

  private Node ofApp(String app) {
    return nodes.computeIfAbsent("app:" + app, id -> new Node(id, app, false));
  }

  private Node ofService(String service) {
    return nodes.computeIfAbsent("service:" + service, id -> new Node(id, service, true));
  }

  private Node callee(String service) {
    Set<String> apps = hosts.get(service);
    if (apps != null && apps.size() == 1 && !apps.contains("")) {
      return ofApp(apps.iterator().next());
    }
    Node node = ofService(service);
    node.unknown |= apps == null;
    return node;
  }

  private Edge edge(Node from, Node to) {
    return edges.computeIfAbsent(from.id + "\n" + to.id, unused -> new Edge(from.id, to.id));
  }

  /** An application, or a service that stands for itself. */
  private static final class Node {
    private final String id;
    private final String name;
    private final boolean isService;
    private final Set<String> services = new HashSet<>();
    private final Set<String> instances = new HashSet<>();
    private final Set<String> draining = new HashSet<>();
    private final Set<String> bad = new HashSet<>();
    private final Map<String, Set<String>> versions = new TreeMap<>();
    private int callers;
    private boolean unknown;

    private Node(String id, String name, boolean isService) {
      this.id = id;
      this.name = name;
      this.isService = isService;
    }

    private void add(HostedService each, boolean isBad) {
      services.add(each.service);
      instances.add(each.instance);
      versions.computeIfAbsent(each.fact("version"), unused -> new HashSet<>()).add(each.instance);
      if (each.isDraining()) {
        draining.add(each.instance);
      }
      if (isBad) {
        bad.add(each.instance);
      }
    }

    private Map<String, Object> facts() {
      Map<String, Object> facts = new LinkedHashMap<>();
      facts.put("id", id);
      facts.put("name", name);
      facts.put("kind", isService ? unknown ? "unregistered" : "service" : "app");
      facts.put("services", services.stream().sorted().limit(MOST_SERVICES).toArray());
      facts.put("instances", instances.size());
      facts.put("draining", draining.size());
      facts.put("bad", bad.size());
      facts.put("publishing", callers);
      Map<String, Integer> byVersion = new TreeMap<>();
      versions.forEach((version, of) -> byVersion.put(version, of.size()));
      facts.put("versions", byVersion);
      return facts;
    }
  }

  /** All calls of one application to another. */
  private static final class Edge {
    private final String from;
    private final String to;
    private final Set<String> callers = new HashSet<>();
    private final Sum all = new Sum("", "");
    private final Map<String, Sum> methods = new HashMap<>();

    private Edge(String from, String to) {
      this.from = from;
      this.to = to;
    }

    private void add(CallsOfProgram calls, CallsOfProgram.Row row) {
      callers.add(calls.program.id);
      all.add(row);
      methods
          .computeIfAbsent(
              row.service + "/" + row.method, unused -> new Sum(row.service, row.method))
          .add(row);
    }

    private Map<String, Object> facts() {
      Map<String, Object> facts = new LinkedHashMap<>();
      facts.put("from", from);
      facts.put("to", to);
      facts.put("callers", callers.size());
      all.putInto(facts);
      List<Map<String, Object>> rows = new ArrayList<>();
      methods.values().stream()
          .sorted(Comparator.comparingDouble((Sum sum) -> -sum.rate))
          .limit(MOST_METHODS)
          .forEach(
              sum -> {
                Map<String, Object> row = new LinkedHashMap<>();
                row.put("service", sum.service);
                row.put("method", sum.method);
                sum.putInto(row);
                rows.add(row);
              });
      facts.put("methods", rows);
      return facts;
    }
  }

  /**
   * What several programs say of the same, together: rates are summed; the median is the mean of
   * theirs, weighed by calls; of the time within which 99 % end the longest, which that of all
   * together does not exceed.
   */
  private static final class Sum {
    private final String service;
    private final String method;
    private double rate;
    private double failed;
    private double weighed;
    private double late;

    private Sum(String service, String method) {
      this.service = service;
      this.method = method;
    }

    private void add(CallsOfProgram.Row row) {
      rate += row.rate;
      failed += row.failed;
      weighed += row.rate * row.medianMillis;
      late = Math.max(late, row.lateMillis);
    }

    private void putInto(Map<String, Object> facts) {
      facts.put("rate", rounded(rate));
      facts.put("failed", rounded(failed));
      facts.put("p50", rounded(rate == 0 ? 0 : weighed / rate));
      facts.put("p99", rounded(late));
    }

    private static double rounded(double number) {
      return Math.round(number * 1_000) / 1_000.0;
    }
  }
}
