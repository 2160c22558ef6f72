package io.meshagent.core.registry.etcd;

/** Etcd did not do what a person asked for; the message says why, and what to do. */
public final class EtcdUnavailable extends Exception {

  private static final long serialVersionUID = 1;

  public EtcdUnavailable(String message) {
    super(message);
  }
}
