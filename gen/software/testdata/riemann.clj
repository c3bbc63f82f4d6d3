;; Stands in for riemann: evaluates riemann.config, opens the servers that it names, answers each message on TCP with
;; "ok", writes the log that it names, and evaluates it again at SIGHUP.
(ns riemann.config
  (:require [clojure.java.io :as io])
  (:import (java.io DataInputStream DataOutputStream EOFException)
           (java.net DatagramPacket DatagramSocket InetAddress InetSocketAddress ServerSocket)))

(def log-file (atom nil))
(def open (atom []))

(defn info [& words]
  (let [line (str (java.util.Date.) " INFO " (apply print-str words) "\n")]
    (print line)
    (flush)
    (when @log-file (spit @log-file line :append true))))

(create-ns 'riemann.logging)
(intern 'riemann.logging 'init (fn [options] (reset! log-file (:file options))))
(alias 'logging 'riemann.logging)

(defn background [f]
  (doto (Thread. ^Runnable f) (.setDaemon true) (.start)))

(defn answer [socket]
  (with-open [s socket]
    (let [in (DataInputStream. (.getInputStream s))
          out (DataOutputStream. (.getOutputStream s))]
      (try
        (while true
          (let [message (byte-array (.readInt in))]
            (.readFully in message)
            (info "message of" (count message) "bytes")
            (.write out (byte-array [0 0 0 2 16 1]))
            (.flush out)))
        (catch EOFException _)))))

(defn listen [{:keys [host port]} serve]
  (let [server (doto (ServerSocket.)
                 (.setReuseAddress true)
                 (.bind (InetSocketAddress. ^String host (int port))))]
    (swap! open conj
      [server
       (background
         (fn []
           (try
             (while true
               (let [socket (.accept server)]
                 (background #(serve socket))))
             (catch java.net.SocketException _))))])))

(defn tcp-server [options]
  (listen options answer)
  (info "TCP server" (:host options) (:port options) "online"))

(defn ws-server [options]
  (listen options #(.close %))
  (info "Websockets server" (:host options) (:port options) "online"))

(defn udp-server [{:keys [host port]}]
  (let [socket (DatagramSocket. (int port) (InetAddress/getByName host))]
    (swap! open conj
      [socket
       (background
         (fn []
           (try
             (while true
               (let [packet (DatagramPacket. (byte-array 16384) 16384)]
                 (.receive socket packet)
                 (info "packet of" (.getLength packet) "bytes")))
             (catch java.net.SocketException _))))]))
  (info "UDP server" host port "online"))

(defn nothing [& _])
(def instrumentation nothing)
(def periodically-expire nothing)
(def streams nothing)
(def index nothing)
(def default nothing)
(def with nothing)
(def rate nothing)

(defn evaluate [file]
  (binding [*ns* (the-ns 'riemann.config)]
    (load-file file)))

(let [file (last *command-line-args*)
      loader (.getContextClassLoader (Thread/currentThread))]
  (sun.misc.Signal/handle
    (sun.misc.Signal. "HUP")
    (reify sun.misc.SignalHandler
      (handle [_ _]
        (info "Caught SIGHUP, reloading")
        (.setContextClassLoader (Thread/currentThread) loader)
        ;; A port is free when the thread that has waited at it is done.
        (doseq [[socket thread] @open]
          (.close socket)
          (.join thread))
        (reset! open [])
        (evaluate file))))
  (evaluate file)
  (info "Hyperspace core online")
  @(promise))
