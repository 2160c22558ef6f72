package io.meshagent.core.admin;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.spi.HttpServerProvider;
import io.meshagent.core.hooks.NamedModules;
import io.meshagent.core.log.Log;
import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.net.InetSocketAddress;

/**
 * Makes HTTP servers of the JDK's own, on the engine's thread.
 *
 * <p>{@code HttpServer.create} looks for a provider in a property and on the class path, and keeps
 * the first for the whole JVM. With it a provider of the program's would serve our page, and one
 * that the program names later would be ignored, because ours came first.
 */
final class JdkHttpServer {

  private static final String PROVIDER = "sun.net.httpserver.DefaultHttpServerProvider";

  /** Null if this Java has no such class, or does not let us have it. */
  private final HttpServerProvider provider;

  JdkHttpServer(Instrumentation instrumentation) {
    HttpServerProvider found = null;
    try {
      found = find(instrumentation);
    } catch (ReflectiveOperationException e) {
      Log.debug("The admin page asks for a provider of HTTP servers, as programs do: " + e);
    }
    provider = found;
  }

  private static HttpServerProvider find(Instrumentation instrumentation)
      throws ReflectiveOperationException {
    Class<?> type = Class.forName(PROVIDER, true, HttpServer.class.getClassLoader());
    NamedModules.export(instrumentation, type, JdkHttpServer.class);
    return (HttpServerProvider) type.getConstructor().newInstance();
  }

  HttpServer bind(InetSocketAddress address) throws IOException {
    return provider == null ? HttpServer.create(address, 0) : provider.createHttpServer(address, 0);
  }
}
