package io.meshagent.core.route.rule;

import io.meshagent.core.api.Attempt;
import io.meshagent.core.api.Instance;
import java.util.HashMap;
import java.util.Map;

/** An attempt with the headers that a test gives it. */
public final class TestAttempt implements Attempt {

  private final Map<String, String> headers = new HashMap<>();
  private final double chance;
  public int headersRead;

  public TestAttempt(double chance, String... headers) {
    this.chance = chance;
    for (int i = 0; i < headers.length; i += 2) {
      this.headers.put(headers[i], headers[i + 1]);
    }
  }

  @Override
  public String method() {
    return "a.B/C";
  }

  @Override
  public String header(String name) {
    headersRead++;
    return headers.get(name);
  }

  @Override
  public int number() {
    return 0;
  }

  @Override
  public double chance() {
    return chance;
  }

  @Override
  public boolean hasTried(Instance instance) {
    return false;
  }
}
