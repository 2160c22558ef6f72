package io.meshagent.core.console.publish;

import com.google.gson.JsonArray;
import java.util.Objects;

/** An instance that this program gives no calls, and why. Immutable. */
public final class BadInstance {

  private final String service;
  private final String instance;
  private final String because;

  /**
   * @param instance {@code host:port}
   * @param because for people
   */
  public BadInstance(String service, String instance, String because) {
    this.service = service;
    this.instance = instance;
    this.because = because;
  }

  JsonArray json() {
    JsonArray json = new JsonArray();
    json.add(CallSummary.shortened(service));
    json.add(CallSummary.shortened(instance));
    json.add(CallSummary.shortened(because));
    return json;
  }

  /** Why it is bad may be told in other numbers each time: that is nothing new. */
  @Override
  public boolean equals(Object other) {
    return other instanceof BadInstance
        && service.equals(((BadInstance) other).service)
        && instance.equals(((BadInstance) other).instance);
  }

  @Override
  public int hashCode() {
    return Objects.hash(service, instance);
  }
}
