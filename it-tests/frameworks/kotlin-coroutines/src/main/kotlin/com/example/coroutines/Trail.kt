package com.example.coroutines

import io.grpc.CallOptions
import io.grpc.Channel
import io.grpc.ClientCall
import io.grpc.ClientInterceptor
import io.grpc.Context
import io.grpc.Contexts
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall
import io.grpc.Metadata
import io.grpc.MethodDescriptor
import io.grpc.ServerCall
import io.grpc.ServerCallHandler
import io.grpc.ServerInterceptor
import io.grpc.kotlin.CoroutineContextServerInterceptor
import kotlin.coroutines.CoroutineContext
import kotlinx.coroutines.CoroutineName

/** Adds its name to the header `trail`, then to the context: who was passed, and how often. */
class Trail(private val name: String) : ClientInterceptor, ServerInterceptor {

  override fun <A, B> interceptCall(
    method: MethodDescriptor<A, B>,
    options: CallOptions,
    next: Channel,
  ): ClientCall<A, B> =
    object : SimpleForwardingClientCall<A, B>(next.newCall(method, options)) {
      override fun start(listener: ClientCall.Listener<B>, headers: Metadata) {
        headers.put(KEY, name)
        super.start(listener, headers)
      }
    }

  override fun <A, B> interceptCall(
    call: ServerCall<A, B>,
    headers: Metadata,
    next: ServerCallHandler<A, B>,
  ): ServerCall.Listener<A> {
    val before = PASSED.get() ?: headers.getAll(KEY)?.joinToString(" ") ?: "none"
    val context = Context.current().withValue(PASSED, "$before $name")
    return Contexts.interceptCall(context, call, headers, next)
  }

  companion object {
    val PASSED: Context.Key<String> = Context.key("passed")
    private val KEY = Metadata.Key.of("trail", Metadata.ASCII_STRING_MARSHALLER)
  }
}

/** Gives each call's coroutine a name. */
object Named : CoroutineContextServerInterceptor() {
  override fun coroutineContext(call: ServerCall<*, *>, headers: Metadata): CoroutineContext =
    CoroutineName(call.methodDescriptor.bareMethodName!!)
}
