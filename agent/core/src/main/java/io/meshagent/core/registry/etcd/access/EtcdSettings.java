package io.meshagent.core.registry.etcd.access;

import io.meshagent.core.config.EntrySource;
import io.meshagent.core.registry.DirectoryLimits;
import io.meshagent.core.registry.format.EntryWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Where etcd is and what we do there. Immutable; each {@code with} makes another one. */
public final class EtcdSettings {

  private final List<String> endpoints;
  private final String prefix;
  private final Duration ttl;
  private String user;
  private EtcdPassword password;
  private EtcdTls tls = EtcdTls.DEFAULT;
  private String namespace = "";
  private List<EntrySource> reads = Collections.emptyList();
  private EntryWriter writer;
  private DirectoryLimits limits = DirectoryLimits.DEFAULT;
  private String documents;

  /**
   * @param endpoints at least one, {@code http://host:port}, {@code https://host:port} or {@code
   *     host:port}
   * @param user null or empty for none
   * @param password never shown
   * @param prefix of all keys, {@code /services}
   * @param ttl how long our entries outlive us if we can't withdraw them
   */
  public EtcdSettings(
      List<String> endpoints, String user, String password, String prefix, Duration ttl) {
    this(endpoints, prefix, ttl);
    this.user = user == null || user.isEmpty() ? null : user;
    this.password = new EtcdPassword(password, "");
  }

  private EtcdSettings(List<String> endpoints, String prefix, Duration ttl) {
    if (endpoints.isEmpty()) {
      throw new IllegalArgumentException("etcd needs at least one endpoint");
    }
    this.endpoints = Collections.unmodifiableList(new ArrayList<>(endpoints));
    this.prefix = bare(prefix);
    this.ttl = ttl;
    this.writer = EntryWriter.etcd(this.prefix);
  }

  private static String bare(String prefix) {
    String bare = prefix;
    while (bare.endsWith("/")) {
      bare = bare.substring(0, bare.length() - 1);
    }
    return bare;
  }

  private EtcdSettings copy() {
    EtcdSettings copy = new EtcdSettings(endpoints, prefix, ttl);
    copy.user = user;
    copy.password = password;
    copy.tls = tls;
    copy.namespace = namespace;
    copy.reads = reads;
    copy.writer = writer;
    copy.limits = limits;
    copy.documents = documents;
    return copy;
  }

  /** A password that stands in a file; an empty name changes nothing. */
  public EtcdSettings withPasswordFile(String file) {
    EtcdSettings copy = copy();
    copy.password = file.isEmpty() ? password : new EtcdPassword("", file);
    return copy;
  }

  public EtcdSettings withTls(EtcdTls newTls) {
    EtcdSettings copy = copy();
    copy.tls = newTls;
    return copy;
  }

  /** What stands before every key, as it is. */
  public EtcdSettings withNamespace(String newNamespace) {
    EtcdSettings copy = copy();
    copy.namespace = newNamespace;
    return copy;
  }

  /**
   * Other formats than etcd's own.
   *
   * @param newReads what is read beside the prefix
   * @param newWriter what is written
   */
  public EtcdSettings withFormats(List<EntrySource> newReads, EntryWriter newWriter) {
    EtcdSettings copy = copy();
    copy.reads = Collections.unmodifiableList(new ArrayList<>(newReads));
    copy.writer = newWriter;
    return copy;
  }

  /** How much is kept of each part of etcd that is read. */
  public EtcdSettings withLimits(DirectoryLimits newLimits) {
    EtcdSettings copy = copy();
    copy.limits = newLimits;
    return copy;
  }

  /**
   * Documents are followed.
   *
   * @param newDocuments the prefix below which they and the reports of programs are
   */
  public EtcdSettings withDocuments(String newDocuments) {
    EtcdSettings copy = copy();
    copy.documents = bare(newDocuments);
    return copy;
  }

  public List<String> endpoints() {
    return endpoints;
  }

  /** Null for none. */
  public String user() {
    return user;
  }

  public EtcdPassword password() {
    return password;
  }

  public EtcdTls tls() {
    return tls;
  }

  /** Empty for none. */
  public String namespace() {
    return namespace;
  }

  /** Without a slash at the end. */
  public String prefix() {
    return prefix;
  }

  /** Without a slash at the end; null if documents are not followed. */
  public String documents() {
    return documents;
  }

  public List<EntrySource> reads() {
    return reads;
  }

  public EntryWriter writer() {
    return writer;
  }

  public DirectoryLimits limits() {
    return limits;
  }

  /** Whole seconds, at least one. */
  public long ttlSeconds() {
    return Math.max(1, ttl.toMillis() / 1_000);
  }
}
