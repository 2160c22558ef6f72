package io.meshagent.core.call;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A client's unary call with messages and headers, as an adapter would make it. */
public class AskedCall extends Call {

  public final Map<String, String> headers = new HashMap<>();

  /** What each time that it was asked was said: null for "go". */
  public final List<Verdict> told = new ArrayList<>();

  public boolean credentials;
  public String way = "1";
  public boolean comesLater;
  public Response made;
  public boolean keepable = true;
  private final String request;
  private Response response;

  public AskedCall(CallPlan plan, TestAgent agent, String request) {
    super(plan, agent);
    this.request = request;
  }

  /** Admits it now, and again each time that it is resumed. */
  public final AskedCall start() {
    TestAgent.admit(this, told::add);
    return this;
  }

  /** Its message comes, for which it has waited. */
  public AskedCall send() {
    comesLater = false;
    TestAgent.admit(this, told::add);
    return this;
  }

  /** It is answered so. */
  public Outcome succeed(String text, Object... responseHeaders) {
    response = new Response(text.getBytes(StandardCharsets.UTF_8), responseHeaders, new Object[0]);
    return finish(Outcome.OK);
  }

  /** It ends so, as an adapter ends it; what the program is told comes back. */
  public Outcome finish(Outcome own) {
    Outcome by = closing(own);
    end(by);
    return by;
  }

  public Verdict lastTold() {
    return told.get(told.size() - 1);
  }

  public boolean isWaiting() {
    return lastTold() instanceof Wait;
  }

  /** Whether it may go on to the server. */
  public boolean isSent() {
    return lastTold() == null;
  }

  /** Its message; null if it was not answered by a stage. */
  public String answer() {
    return lastTold() instanceof Answer answer ? text(answer) : null;
  }

  public static String text(Answer answer) {
    return new String(answer.response().message(), StandardCharsets.UTF_8);
  }

  /** Its attempt leaves with these headers, too. */
  public void leaves(String... more) {
    for (int i = 0; i < more.length; i += 2) {
      headers.put(more[i], more[i + 1]);
    }
    sending();
  }

  @Override
  public String header(String name) {
    return headers.get(name);
  }

  @Override
  public Set<String> headerNames() {
    return headers.keySet();
  }

  @Override
  public void addHeader(String name, String value) {
    headers.put(name, value);
  }

  @Override
  protected boolean isKeepable() {
    return keepable;
  }

  @Override
  public boolean hasCredentials() {
    return credentials;
  }

  @Override
  public String way() {
    return way;
  }

  @Override
  public boolean awaitsRequest() {
    return comesLater;
  }

  @Override
  public byte[] request() {
    return comesLater || request == null ? null : request.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public Response response() {
    return response;
  }

  @Override
  public Response made() {
    return made;
  }
}
