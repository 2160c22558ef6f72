package io.meshagent.it.programs;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An agent that loads classes while classes are loaded, as agents do that look at what a class
 * extends: for each class of mesh-agent's loaders, through the loader that it is told of, that
 * class itself, what it extends, the class before it and the one at hand on the thread that makes
 * it. With argument {@code across} another thread does so, and the one that loads waits for it.
 *
 * <p>At the end it says {@code loading agent: <classes seen> seen, <stuck> stuck <failures>}.
 */
public final class LoadingAgent implements ClassFileTransformer {

  /** Only what waits for ever meets it. */
  private static final int SECONDS_UNTIL_STUCK = 10;

  private static final String OURS = "io.meshagent.";

  /** Null if the thread that loads a class loads the others, too. */
  private final ExecutorService others;

  private final AtomicInteger seen = new AtomicInteger();
  private final AtomicInteger stuck = new AtomicInteger();
  private final Map<String, String> failures = new ConcurrentHashMap<>();

  /** The class before, by loader. */
  private final Map<ClassLoader, String> before = new ConcurrentHashMap<>();

  private LoadingAgent(ExecutorService others) {
    this.others = others;
  }

  public static void premain(String argument, Instrumentation instrumentation) {
    LoadingAgent agent =
        new LoadingAgent(
            "across".equals(argument)
                ? Executors.newCachedThreadPool(LoadingAgent::otherThread)
                : null);
    instrumentation.addTransformer(agent);
    Runtime.getRuntime().addShutdownHook(new Thread(agent::tell));
  }

  private static Thread otherThread(Runnable task) {
    Thread thread = new Thread(task, "loading-agent");
    thread.setDaemon(true);
    return thread;
  }

  private void tell() {
    System.out.println(
        "loading agent: " + seen + " seen, " + stuck + " stuck " + new TreeMap<>(failures));
  }

  @Override
  public byte[] transform(
      ClassLoader loader, String name, Class<?> known, ProtectionDomain domain, byte[] bytes) {
    if (loader == null
        || known != null
        || !loader.getClass().getName().startsWith(OURS)
        || name.contains("/$Proxy")) {
      // The JDK gives loaders proxies, which nobody can ask them for before they are there.
      return null;
    }
    seen.incrementAndGet();
    Set<String> wanted = new LinkedHashSet<>();
    String previous = before.put(loader, name);
    if (previous != null) {
      wanted.add(previous);
    }
    wanted.addAll(namedBy(bytes));
    wanted.add(name);
    if (others == null || Thread.currentThread().getName().equals("loading-agent")) {
      load(loader, wanted);
    } else {
      loadAcross(loader, wanted);
    }
    return null;
  }

  private void loadAcross(ClassLoader loader, Set<String> wanted) {
    try {
      others.submit(() -> load(loader, wanted)).get(SECONDS_UNTIL_STUCK, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      stuck.incrementAndGet();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      failures.put("other thread", e.toString());
    }
  }

  private void load(ClassLoader loader, Set<String> names) {
    for (String name : names) {
      try {
        Class<?> unused = loader.loadClass(name.replace('/', '.'));
      } catch (ClassNotFoundException | LinkageError e) {
        failures.put(name, e.toString());
      }
    }
  }

  /** What the class extends and implements. */
  private static List<String> namedBy(byte[] classFile) {
    List<String> names = new ArrayList<>();
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(classFile))) {
      in.skipBytes(8);
      Object[] pool = new Object[in.readUnsignedShort()];
      for (int i = 1; i < pool.length; i++) {
        int tag = in.readUnsignedByte();
        pool[i] = constant(in, tag);
        if (tag == 5 || tag == 6) {
          i++;
        }
      }
      in.skipBytes(4);
      names.add(name(pool, in.readUnsignedShort()));
      for (int left = in.readUnsignedShort(); left > 0; left--) {
        names.add(name(pool, in.readUnsignedShort()));
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return names;
  }

  private static String name(Object[] pool, int type) {
    return (String) pool[(Integer) pool[type]];
  }

  /** A name or the number of one; null for what is neither. */
  private static Object constant(DataInputStream in, int tag) throws IOException {
    switch (tag) {
      case 1:
        return in.readUTF();
      case 7:
        return in.readUnsignedShort();
      case 8:
      case 16:
      case 19:
      case 20:
        in.skipBytes(2);
        return null;
      case 15:
        in.skipBytes(3);
        return null;
      case 5:
      case 6:
        in.skipBytes(8);
        return null;
      default:
        in.skipBytes(4);
        return null;
    }
  }
}
