package io.meshagent.it.harness;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;

/**
 * Three real etcd nodes on loopback that know each other by wires, and whose clients know them by
 * wires too. For one thread.
 *
 * <p>All members connect to the same wire of a member, for a cluster has one address of each. To
 * cut one member off, it must be known whose connection a link is: by the process that has its
 * port, which Linux tells.
 */
public final class EtcdCluster implements AutoCloseable {

  private static final int MEMBERS = 3;

  private final List<EtcdServer> members = new ArrayList<>();
  private final List<Wire> toClients = new ArrayList<>();
  private final List<Wire> toPeers = new ArrayList<>();

  private EtcdCluster() {
    for (int i = 0; i < MEMBERS; i++) {
      EtcdServer member = EtcdServer.reserved();
      members.add(member);
      toClients.add(Wire.to(member.clientPort()));
      toPeers.add(Wire.to(member.peerPort()));
    }
    String all =
        IntStream.range(0, MEMBERS)
            .mapToObj(i -> name(i) + "=" + toPeers.get(i).endpoint())
            .collect(Collectors.joining(","));
    for (int i = 0; i < MEMBERS; i++) {
      members.get(i).member(name(i), toPeers.get(i).endpoint(), all);
      members.get(i).launch();
    }
    members.forEach(EtcdServer::awaitHealthy);
  }

  /** One that has a leader. */
  public static EtcdCluster start() {
    return new EtcdCluster();
  }

  private static String name(int member) {
    return "it" + member;
  }

  /** All members, for a program's configuration. */
  public String endpoints() {
    return toClients.stream().map(Wire::endpoint).collect(Collectors.joining(","));
  }

  public EtcdServer member(int member) {
    return members.get(member);
  }

  /** What a member holds, asked without a wire. */
  public EtcdKeys keys(int member) {
    return members.get(member).keys();
  }

  /** Which of the members that run leads; waits for one. */
  public int leader() {
    int[] found = {-1};
    Awaitility.await("a leader")
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(50))
        .until(
            () -> {
              for (int i = 0; i < MEMBERS; i++) {
                if (members.get(i).isRunning()
                    && members.get(i).keys().isHealthy()
                    && members.get(i).keys().isLeader()) {
                  found[0] = i;
                }
              }
              return found[0] >= 0;
            });
    return found[0];
  }

  /** How many programs are connected to a member. */
  public int clients(int member) {
    return toClients.get(member).connections();
  }

  /** Makes all programs connect to one member, which they then have no reason to leave. */
  public void gather(int member, int programs) {
    for (int i = 0; i < MEMBERS; i++) {
      if (i != member) {
        toClients.get(i).cut();
      }
    }
    Awaitility.await(programs + " programs at member " + member)
        .atMost(Jvm.PATIENCE)
        .until(() -> clients(member) >= programs);
    toClients.forEach(Wire::mend);
  }

  /** From now on nothing passes between this member and the others; clients reach all of them. */
  public void isolate(int member) {
    long pid = members.get(member).pid();
    Map<WireLink, Boolean> fromMember = new ConcurrentHashMap<>();
    for (int i = 0; i < MEMBERS; i++) {
      if (i == member) {
        toPeers.get(i).swallowAll();
      } else {
        int port = toPeers.get(i).port();
        toPeers
            .get(i)
            .hold(
                link ->
                    fromMember.computeIfAbsent(
                        link, asked -> Sockets.isOpenIn(pid, asked.clientPort(), port)));
      }
    }
  }

  public void reunite() {
    toPeers.forEach(Wire::mend);
  }

  @Override
  public void close() {
    members.forEach(EtcdServer::close);
    toClients.forEach(Wire::close);
    toPeers.forEach(Wire::close);
  }
}
