/*
 * A socket of Linux's packet(7) with a ring of blocks (TPACKET_V3) for Node.js: the kernel writes frames into memory that JavaScript reads.
 *
 *   open(settings, onReadable) -> { handle, ring, hardware }
 *     settings.interface   name of the interface
 *     settings.blockOctets octets of a block, a multiple of the page size; settings.blocks: how many
 *     settings.retireMs    a block that holds a packet is handed over after this time at the latest
 *     settings.filter      Uint8Array of struct sock_filter (8 octets each, in the order of this machine), empty for none
 *     settings.fanout      group that shares the interface's packets by flow, 0 for none
 *     onReadable(error)    blocks are ready, or errno of a socket that has failed and is watched no longer
 *   statistics(handle, into: Uint32Array(3))   packets, drops, freezes since the last call; the kernel counts drops among the packets, too
 *   close(handle)          the ring's ArrayBuffer is detached: reading it gives nothing, and never memory that is gone
 *
 * Errors are thrown with the errno's name as code and the system call as message. What a block holds is judged by the reader (packet-ring.ts).
 */
#define _GNU_SOURCE
#define NAPI_VERSION 8
#include <arpa/inet.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>
#include <node_api.h>
#include <uv.h>

#ifndef PACKET_IGNORE_OUTGOING
#define PACKET_IGNORE_OUTGOING 23
#endif

/* Room in front of a frame for the VLAN tag that the kernel takes out of it. */
#define TAG_OCTETS 4
/* A frame slot of the old formats; TPACKET_V3 only wants it to divide the block. */
#define FRAME_OCTETS 2048
#define MOST_BLOCK_OCTETS (16u << 20)
#define MOST_RING_OCTETS (1u << 30)
#define STATISTICS 3

static const napi_type_tag CAPTURE_TAG = {0x6c616e77617264ull, 0x61662d7061636b74ull};

typedef struct {
  napi_env env;
  napi_ref callback;
  napi_ref buffer;
  napi_async_cleanup_hook_handle hook;
  uv_poll_t *poll;
  uint8_t *ring;
  size_t octets;
  int fd;
  int users; /* of this struct: open(), the JavaScript handle, the loop */
} capture;

typedef struct {
  char interface[IFNAMSIZ];
  uint32_t block_octets, blocks, retire_ms, fanout;
  struct sock_filter *filter;
  size_t filter_length;
} settings;

static void unuse(capture *c) {
  if (--c->users == 0) {
    free(c->poll);
    free(c);
  }
}

/* Gives the socket and its memory back; the loop keeps the struct until it has let go of the poll handle. */
static void release(capture *c) {
  if (c->ring != NULL) munmap(c->ring, c->octets);
  c->ring = NULL;
  if (c->fd >= 0) close(c->fd);
  c->fd = -1;
}

static void on_poll_closed(uv_handle_t *handle) {
  capture *c = uv_handle_get_data(handle);
  release(c);
  if (c->hook != NULL) napi_remove_async_cleanup_hook(c->hook);
  unuse(c);
}

static void stop_watching(capture *c) {
  if (c->poll != NULL && !uv_is_closing((uv_handle_t *)c->poll)) uv_close((uv_handle_t *)c->poll, on_poll_closed);
}

/* The thread ends with the capture open: no JavaScript runs any more. */
static void on_environment_gone(napi_async_cleanup_hook_handle hook, void *data) {
  (void)hook;
  stop_watching(data);
}

static void on_handle_collected(napi_env env, void *data, void *hint) {
  (void)env, (void)hint;
  capture *c = data;
  stop_watching(c);
  unuse(c);
}

/* The mapping is undone by release(): an ArrayBuffer that goes has nothing to do. */
static void on_buffer_collected(napi_env env, void *data, void *hint) { (void)env, (void)data, (void)hint; }

static napi_value throw_errno(napi_env env, int number, const char *what) {
  napi_throw_error(env, uv_err_name(-number), what);
  return NULL;
}

static void on_ready(uv_poll_t *poll, int status, int events) {
  (void)events;
  capture *c = uv_handle_get_data((uv_handle_t *)poll);
  int failed = 0;
  if (status < 0) {
    socklen_t length = sizeof failed;
    if (getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &failed, &length) != 0 || failed == 0) failed = -status;
  }
  napi_env env = c->env;
  napi_handle_scope scope;
  if (napi_open_handle_scope(env, &scope) != napi_ok) return;
  napi_value callback, receiver, argument;
  if (napi_get_reference_value(env, c->callback, &callback) == napi_ok && callback != NULL && napi_get_global(env, &receiver) == napi_ok &&
      napi_create_int32(env, failed, &argument) == napi_ok &&
      napi_make_callback(env, NULL, receiver, callback, 1, &argument, NULL) == napi_pending_exception) {
    napi_value error;
    if (napi_get_and_clear_last_exception(env, &error) == napi_ok) napi_fatal_exception(env, error);
  }
  napi_close_handle_scope(env, scope);
}

static bool read_u32(napi_env env, napi_value object, const char *name, uint32_t most, uint32_t *into) {
  napi_value value;
  uint32_t number;
  if (napi_get_named_property(env, object, name, &value) != napi_ok || napi_get_value_uint32(env, value, &number) != napi_ok || number > most) {
    napi_throw_range_error(env, "EINVAL", name);
    return false;
  }
  *into = number;
  return true;
}

static bool read_settings(napi_env env, napi_value object, settings *s) {
  memset(s, 0, sizeof *s);
  napi_value value;
  size_t length;
  char name[IFNAMSIZ + 1];
  if (napi_get_named_property(env, object, "interface", &value) != napi_ok ||
      napi_get_value_string_utf8(env, value, name, sizeof name, &length) != napi_ok || length == 0 || length >= IFNAMSIZ) {
    napi_throw_range_error(env, "EINVAL", "interface");
    return false;
  }
  memcpy(s->interface, name, length + 1);
  if (!read_u32(env, object, "blockOctets", MOST_BLOCK_OCTETS, &s->block_octets) || !read_u32(env, object, "blocks", MOST_RING_OCTETS, &s->blocks) ||
      !read_u32(env, object, "retireMs", 60000, &s->retire_ms) || !read_u32(env, object, "fanout", 0xffff, &s->fanout))
    return false;
  long page = sysconf(_SC_PAGESIZE);
  if (page <= 0 || s->block_octets == 0 || s->block_octets % (uint32_t)page != 0 || s->block_octets % FRAME_OCTETS != 0 || s->blocks == 0 ||
      (uint64_t)s->block_octets * s->blocks > MOST_RING_OCTETS) {
    napi_throw_range_error(env, "EINVAL", "blockOctets, blocks");
    return false;
  }
  napi_typedarray_type type;
  void *data = NULL;
  if (napi_get_named_property(env, object, "filter", &value) != napi_ok ||
      napi_get_typedarray_info(env, value, &type, &length, &data, NULL, NULL) != napi_ok || type != napi_uint8_array ||
      length % sizeof(struct sock_filter) != 0 || length / sizeof(struct sock_filter) > BPF_MAXINSNS) {
    napi_throw_range_error(env, "EINVAL", "filter");
    return false;
  }
  s->filter = data;
  s->filter_length = length / sizeof(struct sock_filter);
  return true;
}

/* Socket, filter, ring and membership. Returns the system call that failed, or NULL. */
static const char *set_up(capture *c, const settings *s, int *hardware) {
  /* Protocol 0: nothing comes before the filter and the ring are there. */
  c->fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (c->fd < 0) return "socket";
  struct ifreq request;
  memset(&request, 0, sizeof request);
  memcpy(request.ifr_name, s->interface, IFNAMSIZ);
  if (ioctl(c->fd, SIOCGIFINDEX, &request) != 0) return "SIOCGIFINDEX";
  int index = request.ifr_ifindex;
  if (ioctl(c->fd, SIOCGIFHWADDR, &request) != 0) return "SIOCGIFHWADDR";
  *hardware = request.ifr_hwaddr.sa_family;
  if (s->filter_length > 0) {
    struct sock_fprog program = {.len = (unsigned short)s->filter_length, .filter = s->filter};
    if (setsockopt(c->fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program) != 0) return "SO_ATTACH_FILTER";
  }
  int version = TPACKET_V3, reserve = TAG_OCTETS, on = 1;
  if (setsockopt(c->fd, SOL_PACKET, PACKET_VERSION, &version, sizeof version) != 0) return "PACKET_VERSION";
  if (setsockopt(c->fd, SOL_PACKET, PACKET_RESERVE, &reserve, sizeof reserve) != 0) return "PACKET_RESERVE";
  /* Loopback shows every packet twice, going and coming. Kernels before 4.20 do not know the option. */
  if (*hardware == ARPHRD_LOOPBACK) (void)setsockopt(c->fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &on, sizeof on);
  struct tpacket_req3 ring = {
      .tp_block_size = s->block_octets,
      .tp_block_nr = s->blocks,
      .tp_frame_size = FRAME_OCTETS,
      .tp_frame_nr = s->block_octets / FRAME_OCTETS * s->blocks,
      .tp_retire_blk_tov = s->retire_ms,
  };
  if (setsockopt(c->fd, SOL_PACKET, PACKET_RX_RING, &ring, sizeof ring) != 0) return "PACKET_RX_RING";
  c->octets = (size_t)s->block_octets * s->blocks;
  void *memory = mmap(NULL, c->octets, PROT_READ | PROT_WRITE, MAP_SHARED, c->fd, 0);
  if (memory == MAP_FAILED) return "mmap";
  c->ring = memory;
  struct sockaddr_ll address = {.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL), .sll_ifindex = index};
  if (bind(c->fd, (struct sockaddr *)&address, sizeof address) != 0) return "bind";
  struct packet_mreq membership = {.mr_ifindex = index, .mr_type = PACKET_MR_PROMISC};
  if (setsockopt(c->fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &membership, sizeof membership) != 0) return "PACKET_ADD_MEMBERSHIP";
  int fanout = (int)(s->fanout | (uint32_t)(PACKET_FANOUT_HASH | PACKET_FANOUT_FLAG_DEFRAG) << 16);
  if (s->fanout != 0 && setsockopt(c->fd, SOL_PACKET, PACKET_FANOUT, &fanout, sizeof fanout) != 0) return "PACKET_FANOUT";
  int failed = 0;
  socklen_t length = sizeof failed;
  if (getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &failed, &length) == 0 && failed != 0) {
    errno = failed;
    return "bind";
  }
  return NULL;
}

static bool watch(capture *c) {
  uv_loop_t *loop;
  if (napi_get_uv_event_loop(c->env, &loop) != napi_ok) return false;
  /* By its own word: the header may be of another libuv than the one that runs. */
  uv_poll_t *poll = calloc(1, uv_handle_size(UV_POLL));
  if (poll == NULL || uv_poll_init(loop, poll, c->fd) != 0) {
    free(poll);
    return false;
  }
  c->poll = poll;
  c->users++;
  uv_handle_set_data((uv_handle_t *)poll, c);
  return uv_poll_start(poll, UV_READABLE, on_ready) == 0 && napi_add_async_cleanup_hook(c->env, on_environment_gone, c, &c->hook) == napi_ok;
}

/* What JavaScript gets of an open socket, or NULL. */
static napi_value hand_over(capture *c, napi_value callback, int hardware) {
  napi_env env = c->env;
  napi_value result, handle, ring, number;
  if (napi_create_object(env, &result) != napi_ok || napi_create_int32(env, hardware, &number) != napi_ok ||
      napi_set_named_property(env, result, "hardware", number) != napi_ok || napi_create_reference(env, callback, 1, &c->callback) != napi_ok ||
      napi_create_external_arraybuffer(env, c->ring, c->octets, on_buffer_collected, NULL, &ring) != napi_ok ||
      napi_create_reference(env, ring, 1, &c->buffer) != napi_ok || napi_set_named_property(env, result, "ring", ring) != napi_ok || !watch(c))
    return NULL;
  if (napi_create_external(env, c, on_handle_collected, NULL, &handle) != napi_ok) return NULL;
  c->users++;
  if (napi_type_tag_object(env, handle, &CAPTURE_TAG) != napi_ok || napi_set_named_property(env, result, "handle", handle) != napi_ok) return NULL;
  return result;
}

/* Ends the capture: the ring is out of JavaScript's reach before its memory goes. */
static void end_capture(capture *c) {
  napi_value ring;
  if (c->callback != NULL) napi_delete_reference(c->env, c->callback);
  c->callback = NULL;
  if (c->buffer != NULL) {
    /* Memory that could not be detached stays mapped: a leak, not a dangling pointer. */
    if (napi_get_reference_value(c->env, c->buffer, &ring) != napi_ok || napi_detach_arraybuffer(c->env, ring) != napi_ok) c->ring = NULL;
    napi_delete_reference(c->env, c->buffer);
  }
  c->buffer = NULL;
  if (c->poll != NULL) stop_watching(c);
  else release(c);
}

static napi_value open_capture(napi_env env, napi_callback_info info) {
  size_t count = 2;
  napi_value arguments[2];
  napi_valuetype type;
  settings s;
  if (napi_get_cb_info(env, info, &count, arguments, NULL, NULL) != napi_ok || count != 2 || napi_typeof(env, arguments[1], &type) != napi_ok ||
      type != napi_function) {
    napi_throw_type_error(env, "EINVAL", "open(settings, onReadable)");
    return NULL;
  }
  if (!read_settings(env, arguments[0], &s)) return NULL;
  capture *c = calloc(1, sizeof *c);
  if (c == NULL) return throw_errno(env, ENOMEM, "open");
  c->env = env;
  c->fd = -1;
  c->users = 1;
  int hardware = 0;
  napi_value result = NULL;
  const char *failed = set_up(c, &s, &hardware);
  if (failed != NULL) {
    int number = errno;
    release(c);
    throw_errno(env, number, failed);
  } else if ((result = hand_over(c, arguments[1], hardware)) == NULL) {
    end_capture(c);
    bool pending = false;
    if (napi_is_exception_pending(env, &pending) == napi_ok && !pending) throw_errno(env, ENOMEM, "open");
  }
  unuse(c);
  return result;
}

static capture *capture_of(napi_env env, napi_value handle) {
  bool is_ours = false;
  void *data = NULL;
  if (napi_check_object_type_tag(env, handle, &CAPTURE_TAG, &is_ours) == napi_ok && is_ours && napi_get_value_external(env, handle, &data) == napi_ok)
    return data;
  napi_throw_type_error(env, "EINVAL", "handle");
  return NULL;
}

static napi_value read_statistics(napi_env env, napi_callback_info info) {
  size_t count = 2, length = 0;
  napi_value arguments[2];
  napi_typedarray_type type;
  void *into = NULL;
  if (napi_get_cb_info(env, info, &count, arguments, NULL, NULL) != napi_ok || count != 2 ||
      napi_get_typedarray_info(env, arguments[1], &type, &length, &into, NULL, NULL) != napi_ok || type != napi_uint32_array || length < STATISTICS) {
    napi_throw_type_error(env, "EINVAL", "statistics(handle, Uint32Array(3))");
    return NULL;
  }
  capture *c = capture_of(env, arguments[0]);
  if (c == NULL) return NULL;
  struct tpacket_stats_v3 told = {0, 0, 0};
  socklen_t octets = sizeof told;
  if (c->fd >= 0 && getsockopt(c->fd, SOL_PACKET, PACKET_STATISTICS, &told, &octets) != 0) return throw_errno(env, errno, "PACKET_STATISTICS");
  uint32_t *figures = into;
  figures[0] = told.tp_packets;
  figures[1] = told.tp_drops;
  figures[2] = told.tp_freeze_q_cnt;
  return NULL;
}

static napi_value close_capture(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value handle;
  if (napi_get_cb_info(env, info, &count, &handle, NULL, NULL) != napi_ok || count != 1) {
    napi_throw_type_error(env, "EINVAL", "close(handle)");
    return NULL;
  }
  capture *c = capture_of(env, handle);
  if (c != NULL) end_capture(c);
  return NULL;
}

NAPI_MODULE_INIT() {
  const napi_property_descriptor functions[] = {
      {"open", NULL, open_capture, NULL, NULL, NULL, napi_enumerable, NULL},
      {"statistics", NULL, read_statistics, NULL, NULL, NULL, napi_enumerable, NULL},
      {"close", NULL, close_capture, NULL, NULL, NULL, napi_enumerable, NULL},
  };
  return napi_define_properties(env, exports, sizeof functions / sizeof *functions, functions) == napi_ok ? exports : NULL;
}
