package io.meshagent.grpc.client;

import io.grpc.MethodDescriptor;
import io.meshagent.core.api.Mesh;
import io.meshagent.core.call.Response;
import io.meshagent.core.call.ResponseForm;
import io.meshagent.grpc.base.IdentityCache;
import java.lang.reflect.InvocationTargetException;

/**
 * Responses that an operator has written, as bytes, so that nothing of the program's is held. Read
 * by the program's own protobuf, through the loader of the response's class, when a method is
 * called for the first time after they were written; what is wrong with one is said then, once.
 * Thread-safe.
 */
final class MadeResponses {

  private static final byte[] NOTHING = {};

  private final Mesh mesh;
  private final IdentityCache<MethodDescriptor<?, ?>, Kept> made = new IdentityCache<>();

  MadeResponses(Mesh mesh) {
    this.mesh = mesh;
  }

  /** What was made for a method last. */
  private static final class Kept {
    /** Volatile: made again, by whichever call comes first, when another is written. */
    volatile Made last;
  }

  private static final class Made {
    final ResponseForm form;

    /** Null if the form is none for the method. */
    final Response response;

    Made(ResponseForm form, Response response) {
      this.form = form;
      this.response = response;
    }
  }

  /**
   * The response of a method.
   *
   * @param form null for none
   * @return null for none, and if the program's protobuf can't read it as one
   */
  Response of(MethodDescriptor<?, ?> method, ResponseForm form) {
    if (form == null) {
      return null;
    }
    Kept kept = made.find(method);
    Made last = kept == null ? null : kept.last;
    if (last == null || !last.form.equals(form)) {
      last = new Made(form, make(method, form));
      if (kept == null) {
        kept = made.add(method, new Kept());
      }
      kept.last = last;
    }
    return last.response;
  }

  private Response make(MethodDescriptor<?, ?> method, ResponseForm form) {
    try {
      if (!MessageBytes.isReadable(method.getResponseMarshaller())) {
        return none(method, form, "its responses are no protobuf");
      }
      Object prototype = MessageBytes.message(method, NOTHING);
      return Response.of(
          form.kind() == ResponseForm.Kind.DEFAULT ? NOTHING : bytes(form, prototype));
    } catch (ClassNotFoundException e) {
      return none(method, form, "the program has no " + e.getMessage());
    } catch (IllegalArgumentException e) {
      return none(method, form, e.getMessage());
    } catch (InvocationTargetException e) {
      return none(method, form, "it is none of its responses: " + e.getCause().getMessage());
    } catch (Throwable e) {
      return none(method, form, String.valueOf(e));
    }
  }

  /** What the program would write to make such a message. */
  private static byte[] bytes(ResponseForm form, Object prototype)
      throws ReflectiveOperationException {
    ClassLoader loader = prototype.getClass().getClassLoader();
    Class<?> message = type("com.google.protobuf.MessageLite", loader);
    Object builder = message.getMethod("newBuilderForType").invoke(prototype);
    Class<?> builderType = typeOrNull("com.google.protobuf.Message$Builder", loader);
    if (builderType == null || !builderType.isInstance(builder)) {
      throw new IllegalArgumentException(
          "its protobuf is a lite one, for which there are 'default' and 'last' alone");
    }
    if (form.kind() == ResponseForm.Kind.JSON) {
      Class<?> format = typeOrNull("com.google.protobuf.util.JsonFormat", loader);
      if (format == null) {
        throw new IllegalArgumentException(
            "the program has no protobuf-java-util, so write text: instead of json:");
      }
      Object parser = format.getMethod("parser").invoke(null);
      parser
          .getClass()
          .getMethod("merge", String.class, builderType)
          .invoke(parser, form.text(), builder);
    } else {
      type("com.google.protobuf.TextFormat", loader)
          .getMethod("merge", CharSequence.class, builderType)
          .invoke(null, form.text(), builder);
    }
    Object built =
        type("com.google.protobuf.MessageLite$Builder", loader).getMethod("build").invoke(builder);
    return (byte[]) message.getMethod("toByteArray").invoke(built);
  }

  private static Class<?> type(String name, ClassLoader loader) throws ClassNotFoundException {
    return Class.forName(name, false, loader);
  }

  private static Class<?> typeOrNull(String name, ClassLoader loader) {
    try {
      return type(name, loader);
    } catch (ClassNotFoundException | LinkageError e) {
      return null;
    }
  }

  private Response none(MethodDescriptor<?, ?> method, ResponseForm form, String why) {
    mesh.warn(
        form.setting()
            + " gives calls of "
            + method.getFullMethodName()
            + " no fallback, because "
            + why);
    return null;
  }
}
