package main

import (
	"context"
	"errors"
	"io"
	"strings"
	"time"

	"google.golang.org/grpc"
)

// The two messages and the service of proto/greeter.proto. Both messages hold nothing but texts, so
// a few lines of codec do for what protoc would generate, and no generator is needed to build this.

const sayHello = "/helloworld.Greeter/SayHello"

// A message is the texts of its fields 1, 2, ...
type message []string

// Only the first field of a request and the first two of a reply exist.
const fields = 2

type textCodec struct{}

func (textCodec) Name() string { return "proto" }

func (textCodec) Marshal(v interface{}) ([]byte, error) {
	var out []byte
	for i, text := range *v.(*message) {
		if text != "" {
			out = append(out, byte(i+1)<<3|2)
			out = appendLength(out, len(text))
			out = append(out, text...)
		}
	}
	return out, nil
}

func appendLength(out []byte, n int) []byte {
	for ; n >= 0x80; n >>= 7 {
		out = append(out, byte(n)|0x80)
	}
	return append(out, byte(n))
}

func (textCodec) Unmarshal(in []byte, v interface{}) error {
	texts := make(message, fields)
	for len(in) > 0 {
		field, wireType := int(in[0]>>3), in[0]&7
		length, used := readLength(in[1:])
		if wireType != 2 || field < 1 || field > fields || used == 0 || length > len(in)-1-used {
			return errors.New("not a message of the greeter")
		}
		texts[field-1] = string(in[1+used : 1+used+length])
		in = in[1+used+length:]
	}
	*v.(*message) = texts
	return nil
}

// readLength says how many bytes the length took; 0 if it is none.
func readLength(in []byte) (length, used int) {
	for i := 0; i < len(in) && i < 4; i++ {
		length |= int(in[i]&0x7f) << (7 * i)
		if in[i] < 0x80 {
			return length, i + 1
		}
	}
	return 0, 0
}

// A greeter answers as the sample's server in Java does, with its name; "sleep:50" takes 50 ms.
type greeter struct{ name string }

func (g greeter) answer(request message) *message {
	if pause, err := time.ParseDuration(strings.TrimPrefix(request[0], "sleep:") + "ms"); err == nil {
		time.Sleep(pause)
	}
	return &message{"Hello " + request[0], g.name}
}

func (g greeter) description() *grpc.ServiceDesc {
	return &grpc.ServiceDesc{
		ServiceName: "helloworld.Greeter",
		HandlerType: (*interface{})(nil),
		Methods: []grpc.MethodDesc{{
			MethodName: "SayHello",
			Handler: func(_ interface{}, _ context.Context, read func(interface{}) error, _ grpc.UnaryServerInterceptor) (interface{}, error) {
				var request message
				if err := read(&request); err != nil {
					return nil, err
				}
				return g.answer(request), nil
			},
		}},
		Streams: []grpc.StreamDesc{{
			StreamName:    "Chat",
			ServerStreams: true,
			ClientStreams: true,
			Handler: func(_ interface{}, stream grpc.ServerStream) error {
				for {
					var request message
					if err := stream.RecvMsg(&request); err == io.EOF {
						return nil
					} else if err != nil {
						return err
					}
					if err := stream.SendMsg(g.answer(request)); err != nil {
						return err
					}
				}
			},
		}},
	}
}
