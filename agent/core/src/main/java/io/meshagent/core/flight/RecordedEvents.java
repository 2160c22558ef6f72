package io.meshagent.core.flight;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The events as the Flight Recorder knows them. By reflection, since its API is in no Java 8 that a
 * compiler knows, and in few that programs run on: OpenJDK has it from 8u262 and from 11 on. Made
 * while somebody records, on a thread of ours; that makes classes, which takes a moment.
 * Thread-safe.
 */
final class RecordedEvents {

  /** The loader of the JDK's own classes, where there is such a thing. */
  private static final ClassLoader JDK = null;

  private final Method newEvent;
  private final Method shouldCommit;
  private final Method set;
  private final Method commit;
  private final Map<EventKind, Object> factories = new EnumMap<>(EventKind.class);

  RecordedEvents() throws ReflectiveOperationException {
    Class<?> event = named("Event");
    Class<?> factory = named("EventFactory");
    newEvent = factory.getMethod("newEvent");
    shouldCommit = event.getMethod("shouldCommit");
    set = event.getMethod("set", int.class, Object.class);
    commit = event.getMethod("commit");
    Method create = factory.getMethod("create", List.class, List.class);
    for (EventKind kind : EventKind.values()) {
      factories.put(kind, create.invoke(null, annotations(kind), fields(kind)));
    }
  }

  /**
   * Whether somebody has begun to record since the JVM started; loads one class of the recorder's.
   */
  static boolean isRecorderThere() throws ReflectiveOperationException {
    return (Boolean) named("FlightRecorder").getMethod("isInitialized").invoke(null);
  }

  private static Class<?> named(String name) throws ClassNotFoundException {
    return Class.forName("jdk.jfr." + name, true, JDK);
  }

  private static List<Object> annotations(EventKind kind) throws ReflectiveOperationException {
    List<Object> annotations = new ArrayList<>();
    annotations.add(annotation("Name", kind.event));
    annotations.add(annotation("Label", kind.label));
    annotations.add(annotation("Category", new String[] {"mesh-agent"}));
    // It would be ours, all the way.
    annotations.add(annotation("StackTrace", false));
    return annotations;
  }

  private static Object annotation(String type, Object value) throws ReflectiveOperationException {
    return named("AnnotationElement")
        .getConstructor(Class.class, Object.class)
        .newInstance(named(type), value);
  }

  private static List<Object> fields(EventKind kind) throws ReflectiveOperationException {
    Constructor<?> field =
        named("ValueDescriptor").getConstructor(Class.class, String.class, List.class);
    List<Object> fields = new ArrayList<>();
    for (String name : kind.fields()) {
      List<Object> annotations = new ArrayList<>();
      boolean isTime = name.equals(EventKind.TIME);
      if (isTime) {
        annotations.add(annotation("Timespan", "NANOSECONDS"));
      }
      fields.add(field.newInstance(isTime ? long.class : String.class, name, annotations));
    }
    return fields;
  }

  /**
   * Writes an event, if it is recorded now.
   *
   * @param values of its fields, in their order
   */
  void write(EventKind kind, Object... values) throws ReflectiveOperationException {
    Object event = newEvent.invoke(factories.get(kind));
    if (!isWanted(event)) {
      return;
    }
    for (int i = 0; i < values.length; i++) {
      set.invoke(event, i, values[i]);
    }
    commit.invoke(event);
  }

  private boolean isWanted(Object event) throws IllegalAccessException, InvocationTargetException {
    return (Boolean) shouldCommit.invoke(event);
  }
}
