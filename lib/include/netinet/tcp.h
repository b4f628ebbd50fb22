// SPDX-License-Identifier: BSD-2-Clause
/*
 * netinet/tcp.h - TCP: options of level IPPROTO_TCP (POSIX.1-2017, <netinet/tcp.h>), what a
 * connection tells about itself, and the header of a segment (RFC 9293, 3.1).
 *
 * Options that are named here and not supported give ENOPROTOOPT.
 */
#pragma once
#include <stdint.h>
#include <sys/types.h>
#include <machine/endian.h>

#define TCP_NODELAY      1
#define TCP_MAXSEG       2
#define TCP_CORK         3
#define TCP_KEEPIDLE     4
#define TCP_KEEPINTVL    5
#define TCP_KEEPCNT      6
#define TCP_DEFER_ACCEPT 9
#define TCP_INFO         11
#define TCP_QUICKACK     12
#define TCP_USER_TIMEOUT 18
#define TCP_FASTOPEN     23

#define SOL_TCP 6

/* tcpi_state */
enum {
	TCP_ESTABLISHED = 1,
	TCP_SYN_SENT,
	TCP_SYN_RECV,
	TCP_FIN_WAIT1,
	TCP_FIN_WAIT2,
	TCP_TIME_WAIT,
	TCP_CLOSE,
	TCP_CLOSE_WAIT,
	TCP_LAST_ACK,
	TCP_LISTEN,
	TCP_CLOSING
};

/* tcpi_options */
#define TCPI_OPT_TIMESTAMPS 1
#define TCPI_OPT_SACK       2
#define TCPI_OPT_WSCALE     4

/* The fields that TCP_INFO has; Linux has more behind them. Times in us, their step is 0.1 s. */
struct tcp_info {
	uint8_t tcpi_state;
	uint8_t tcpi_ca_state;
	uint8_t tcpi_retransmits; /* of the oldest segment in flight */
	uint8_t tcpi_probes;      /* unanswered, of keep-alive */
	uint8_t tcpi_backoff;
	uint8_t tcpi_options;
	uint8_t tcpi_snd_wscale : 4, tcpi_rcv_wscale : 4;
	uint8_t __tcpi_padding;

	uint32_t tcpi_rto;
	uint32_t tcpi_ato;
	uint32_t tcpi_snd_mss; /* [bytes] */
	uint32_t tcpi_rcv_mss;

	uint32_t tcpi_unacked; /* [segments] */
	uint32_t tcpi_sacked;
	uint32_t tcpi_lost;
	uint32_t tcpi_retrans;
	uint32_t tcpi_fackets;

	uint32_t tcpi_last_data_sent;
	uint32_t tcpi_last_ack_sent;
	uint32_t tcpi_last_data_recv;
	uint32_t tcpi_last_ack_recv;

	uint32_t tcpi_pmtu; /* [bytes] */
	uint32_t tcpi_rcv_ssthresh;
	uint32_t tcpi_rtt;
	uint32_t tcpi_rttvar;
	uint32_t tcpi_snd_ssthresh; /* [segments] */
	uint32_t tcpi_snd_cwnd;
	uint32_t tcpi_advmss;
	uint32_t tcpi_reordering;

	uint32_t tcpi_rcv_rtt;
	uint32_t tcpi_rcv_space;
};

/* A segment's header. */
#define TH_FIN  0x01
#define TH_SYN  0x02
#define TH_RST  0x04
#define TH_PUSH 0x08
#define TH_ACK  0x10
#define TH_URG  0x20

typedef uint32_t tcp_seq;

struct tcphdr {
	union {
		struct {
			uint16_t th_sport, th_dport;
			tcp_seq th_seq, th_ack;
			uint8_t th_x2 : 4, th_off : 4;
			uint8_t th_flags;
			uint16_t th_win, th_sum, th_urp;
		};
		struct {
			uint16_t source, dest;
			uint32_t seq, ack_seq;
			uint16_t res1 : 4, doff : 4, fin : 1, syn : 1, rst : 1, psh : 1, ack : 1,
				urg : 1, res2 : 2;
			uint16_t window, check, urg_ptr;
		};
	};
};

#define TCPOPT_EOL            0
#define TCPOPT_NOP            1
#define TCPOPT_MAXSEG         2
#define TCPOPT_WINDOW         3
#define TCPOPT_SACK_PERMITTED 4
#define TCPOPT_SACK           5
#define TCPOPT_TIMESTAMP      8
