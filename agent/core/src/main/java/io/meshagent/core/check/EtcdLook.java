package io.meshagent.core.check;

import io.meshagent.core.config.RegistryKeys;
import io.meshagent.core.config.ServerAddress;
import io.meshagent.core.config.Settings;
import io.meshagent.core.registry.etcd.access.ConfiguredEtcd;
import io.meshagent.core.registry.etcd.client.EtcdFailure;
import io.meshagent.core.registry.etcd.connection.EtcdMember;
import io.meshagent.core.registry.etcd.connection.EtcdTrial;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Collections;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * One endpoint of etcd: name, connection, TLS, log-in, what member it is, its clock, and, of the
 * first that gets so far, the rights. What comes behind a step that fails is not tried.
 */
final class EtcdLook implements Look {

  static final String ADDRESS = "etcd-address";
  static final String TLS = "etcd-tls";
  static final String LOGIN = "etcd-login";
  static final String MEMBER = "etcd-member";
  static final String SPACE = "etcd-space";
  static final String CLOCK = "etcd-clock";

  private static final int CLIENT_PORT = 2379;
  private static final int CONNECT_MILLIS = 1_000;
  private static final int CLOCK_MILLIS = 500;

  /** In less time nobody logs in. */
  private static final int LAST_TRY_MILLIS = 1_000;

  /** HTTP tells whole seconds, and an answer takes its time. */
  private static final long CLOCK_SECONDS = 5;

  private final String url;
  private final ServerAddress endpoint;
  private final Settings settings;
  private final EtcdRights rights;
  private final AtomicBoolean rightsLookedAt;
  private final TimeLimit limit;

  /** Volatile: read by whoever waited in vain. */
  private volatile boolean connected;

  /**
   * @param rightsLookedAt shared by all endpoints, for a cluster has one set of rights
   */
  EtcdLook(
      String url,
      Settings settings,
      EtcdRights rights,
      AtomicBoolean rightsLookedAt,
      TimeLimit limit) {
    this.url = url;
    this.endpoint = ServerAddress.parse(url.contains("://") ? url : "http://" + url, CLIENT_PORT);
    this.settings = settings;
    this.rights = rights;
    this.rightsLookedAt = rightsLookedAt;
    this.limit = limit;
  }

  @Override
  public Finding late() {
    return connected
        ? Finding.wrong(
            MEMBER,
            "etcd at " + url + " takes connections, and was not done answering in time",
            "look whether it or this machine is very busy, or wait longer (--within)")
        : Finding.wrong(
            ADDRESS,
            "no connection to etcd at " + url + " came about in time",
            "check the network and the name service of this machine, and etcd.endpoints");
  }

  @Override
  public void look(Consumer<Finding> told) {
    InetAddress reached = reached(told);
    if (reached == null) {
      return;
    }
    try (EtcdTrial trial =
        new EtcdTrial(ConfiguredEtcd.of(settings, Collections.singletonList(url)))) {
      EtcdMember member = member(trial);
      tellOfAccess(member, told);
      clock(reached, told);
      if (isFit(member, told) && rightsLookedAt.compareAndSet(false, true)) {
        rights.look(trial, limit, told);
      }
    } catch (EtcdTrial.Failed e) {
      told.accept(EtcdTroubles.of(endpoint, e.failure(), isUserSet()));
    }
  }

  /** A log-in has an end of its own, which comes too early where all is slow. */
  private EtcdMember member(EtcdTrial trial) throws EtcdTrial.Failed {
    while (true) {
      try {
        return trial.member(limit.leftMillis());
      } catch (EtcdTrial.Failed e) {
        if (e.failure().kind() != EtcdFailure.Kind.SILENT || limit.leftMillis() < LAST_TRY_MILLIS) {
          throw e;
        }
      }
    }
  }

  private boolean isUserSet() {
    return !settings.get(RegistryKeys.ETCD_USER).isEmpty();
  }

  /** Null if nobody takes connections there, which is told. */
  private InetAddress reached(Consumer<Finding> told) {
    InetAddress[] addresses;
    try {
      addresses = InetAddress.getAllByName(endpoint.host());
    } catch (UnknownHostException e) {
      told.accept(
          Finding.wrong(
              ADDRESS,
              "no name service here knows the host of " + endpoint,
              "correct etcd.endpoints, or the name service of this machine"));
      return null;
    }
    String refusal = null;
    for (InetAddress address : addresses) {
      refusal = Wire.refusal(address, endpoint.port(), limit.millis(CONNECT_MILLIS));
      if (refusal == null) {
        connected = true;
        told.accept(
            Finding.good(
                ADDRESS,
                "etcd at " + endpoint + " takes connections (" + address.getHostAddress() + ")"));
        return address;
      }
    }
    told.accept(
        Finding.wrong(
            ADDRESS,
            "nobody takes connections at "
                + endpoint
                + " ("
                + Arrays.asList(addresses).get(addresses.length - 1).getHostAddress()
                + ": "
                + refusal
                + ")",
            "correct host and port in etcd.endpoints, or start etcd there, or open the way to it"
                + " in the firewall"));
    return null;
  }

  private void tellOfAccess(EtcdMember member, Consumer<Finding> told) {
    if (endpoint.tls()) {
      String name = settings.get(RegistryKeys.ETCD_TLS_SERVER_NAME);
      String ca = settings.get(RegistryKeys.ETCD_TLS_CA);
      told.accept(
          Finding.good(
              TLS,
              "the certificate of "
                  + endpoint
                  + " is for "
                  + (name.isEmpty() ? endpoint.host() : name)
                  + " and comes from "
                  + (ca.isEmpty()
                      ? "an authority that this Java trusts"
                      : "an authority in " + ca)));
    }
    String user = settings.get(RegistryKeys.ETCD_USER);
    if (member.isLoggedIn()) {
      told.accept(Finding.good(LOGIN, "etcd lets the user " + user + " in at " + endpoint));
    } else if (isUserSet()) {
      told.accept(
          Finding.hint(
              LOGIN,
              "etcd.user is set, but " + endpoint + " asks nobody for a user",
              "have etcd ask for users (etcdctl auth enable), or take etcd.user out"));
    }
  }

  /** Etcd tells it by HTTP, and to a bare socket that knows no TLS. */
  private void clock(InetAddress reached, Consumer<Finding> told) {
    if (endpoint.tls()) {
      return;
    }
    Instant now = Instant.now();
    String date = Wire.date(reached, endpoint.port(), limit.millis(CLOCK_MILLIS));
    Finding finding = date == null ? null : clock(date, now);
    if (finding != null) {
      told.accept(finding);
    }
  }

  private Finding clock(String date, Instant now) {
    try {
      Instant there = ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      long seconds = there.getEpochSecond() - now.getEpochSecond();
      if (Math.abs(seconds) <= CLOCK_SECONDS) {
        return Finding.good(CLOCK, "the clocks of " + endpoint + " and of this machine agree");
      }
      return Finding.hint(
          CLOCK,
          "the clock of "
              + endpoint
              + " is "
              + Math.abs(seconds)
              + " s "
              + (seconds > 0 ? "ahead of" : "behind")
              + " this machine's",
          "have both set by NTP: certificates are valid by the clock, and of two programs that"
              + " claim one address the one that started later has it");
    } catch (DateTimeParseException e) {
      return null;
    }
  }

  private boolean isFit(EtcdMember member, Consumer<Finding> told) {
    String what = "etcd " + member.version() + " at " + endpoint;
    if (member.isLearner()) {
      told.accept(EtcdTroubles.learner(endpoint));
    } else if (!member.hasLeader()) {
      told.accept(EtcdTroubles.leaderless(endpoint));
    } else {
      told.accept(Finding.good(MEMBER, what + " is a voting member and has a leader"));
    }
    if (member.isCorrupt()) {
      told.accept(
          Finding.wrong(
              MEMBER,
              what + " has raised the alarm that its data is corrupt",
              "restore that member from the others (etcdctl alarm list names it)"));
    }
    if (member.isFull()) {
      told.accept(EtcdTroubles.full(endpoint));
    }
    return !member.isLearner() && member.hasLeader() && !member.isFull();
  }
}
