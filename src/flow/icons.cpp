// Icons of types, one for each group. The drawings are Lucide's (https://lucide.dev), under the ISC licence:
//
// Copyright (c) Lucide Icons and Contributors. Permission to use, copy, modify, and/or distribute this software for any
// purpose with or without fee is hereby granted, provided that the above copyright notice and this permission notice
// appear in all copies. THE SOFTWARE IS PROVIDED "AS IS" AND THE AUTHOR DISCLAIMS ALL WARRANTIES.
#include "flow/icons.h"

#include <algorithm>

namespace sluice::flow {
namespace {

struct Drawing {
    std::string_view name;
    std::string_view markup;
};

// clang-format off
constexpr Drawing kDrawings[] = {
    {"activity", "<path d='M22 12h-2.48a2 2 0 0 0-1.93 1.46l-2.35 8.36a.25.25 0 0 1-.48 0L9.24 2.18a.25.25 0 0 0-.48 0l-2.35 8.36A2 2 0 0 1 4.49 12H2'/>"},
    {"arrow-left-right", "<path d='M8 3 4 7l4 4'/><path d='M4 7h16'/><path d='m16 21 4-4-4-4'/><path d='M20 17H4'/>"},
    {"at-sign", "<circle cx='12' cy='12' r='4'/><path d='M16 8v5a3 3 0 0 0 6 0v-1a10 10 0 1 0-4 8'/>"},
    {"audio-lines", "<path d='M2 10v3'/><path d='M6 6v11'/><path d='M10 3v18'/><path d='M14 8v7'/><path d='M18 5v13'/><path d='M22 10v3'/>"},
    {"audio-waveform", "<path d='M2 13a2 2 0 0 0 2-2V7a2 2 0 0 1 4 0v13a2 2 0 0 0 4 0V4a2 2 0 0 1 4 0v13a2 2 0 0 0 4 0v-4a2 2 0 0 1 2-2'/>"},
    {"bell", "<path d='M10.268 21a2 2 0 0 0 3.464 0'/><path d='M3.262 15.326A1 1 0 0 0 4 17h16a1 1 0 0 0 .74-1.673C19.41 13.956 18 12.499 18 8A6 6 0 0 0 6 8c0 4.499-1.411 5.956-2.738 7.326'/>"},
    {"blocks", "<path d='M10 22V7a1 1 0 0 0-1-1H4a2 2 0 0 0-2 2v12a2 2 0 0 0 2 2h12a2 2 0 0 0 2-2v-5a1 1 0 0 0-1-1H2'/><rect x='14' y='2' width='8' height='8' rx='1'/>"},
    {"bot", "<path d='M12 8V4H8'/><rect width='16' height='12' x='4' y='8' rx='2'/><path d='M2 14h2'/><path d='M20 14h2'/><path d='M15 13v2'/><path d='M9 13v2'/>"},
    {"boxes", "<path d='M2.97 12.92A2 2 0 0 0 2 14.63v3.24a2 2 0 0 0 .97 1.71l3 1.8a2 2 0 0 0 2.06 0L12 19v-5.5l-5-3-4.03 2.42Z'/><path d='m7 16.5-4.74-2.85'/><path d='m7 16.5 5-3'/><path d='M7 16.5v5.17'/><path d='M12 13.5V19l3.97 2.38a2 2 0 0 0 2.06 0l3-1.8a2 2 0 0 0 .97-1.71v-3.24a2 2 0 0 0-.97-1.71L17 10.5l-5 3Z'/><path d='m17 16.5-5-3'/><path d='m17 16.5 4.74-2.85'/><path d='M17 16.5v5.17'/><path d='M7.97 4.42A2 2 0 0 0 7 6.13v4.37l5 3 5-3V6.13a2 2 0 0 0-.97-1.71l-3-1.8a2 2 0 0 0-2.06 0l-3 1.8Z'/><path d='M12 8 7.26 5.15'/><path d='m12 8 4.74-2.85'/><path d='M12 13.5V8'/>"},
    {"braces", "<path d='M8 3H7a2 2 0 0 0-2 2v5a2 2 0 0 1-2 2 2 2 0 0 1 2 2v5c0 1.1.9 2 2 2h1'/><path d='M16 21h1a2 2 0 0 0 2-2v-5c0-1.1.9-2 2-2a2 2 0 0 1-2-2V5a2 2 0 0 0-2-2h-1'/>"},
    {"bug", "<path d='M12 20v-9'/><path d='M14 7a4 4 0 0 1 4 4v3a6 6 0 0 1-12 0v-3a4 4 0 0 1 4-4z'/><path d='M14.12 3.88 16 2'/><path d='M21 21a4 4 0 0 0-3.81-4'/><path d='M21 5a4 4 0 0 1-3.55 3.97'/><path d='M22 13h-4'/><path d='M3 21a4 4 0 0 1 3.81-4'/><path d='M3 5a4 4 0 0 0 3.55 3.97'/><path d='M6 13H2'/><path d='m8 2 1.88 1.88'/><path d='M9 7.13V6a3 3 0 1 1 6 0v1.13'/>"},
    {"cable", "<path d='M17 19a1 1 0 0 1-1-1v-2a2 2 0 0 1 2-2h2a2 2 0 0 1 2 2v2a1 1 0 0 1-1 1z'/><path d='M17 21v-2'/><path d='M19 14V6.5a1 1 0 0 0-7 0v11a1 1 0 0 1-7 0V10'/><path d='M21 21v-2'/><path d='M3 5V3'/><path d='M4 10a2 2 0 0 1-2-2V6a1 1 0 0 1 1-1h4a1 1 0 0 1 1 1v2a2 2 0 0 1-2 2z'/><path d='M7 5V3'/>"},
    {"calendar-clock", "<path d='M16 14v2.2l1.6 1'/><path d='M16 2v3'/><path d='M21 7.338V5a2 2 0 00-2-2H5a2 2 0 00-2 2v14a2 2 0 002 2h2.338'/><path d='M3 9h5.859'/><path d='M8 2v3'/><circle cx='16' cy='16' r='6'/>"},
    {"chart-line", "<path d='M3 3v16a2 2 0 0 0 2 2h16'/><path d='m19 9-5 5-4-4-3 3'/>"},
    {"cloud", "<path d='M17.5 19H9a7 7 0 1 1 6.71-9h1.79a4.5 4.5 0 1 1 0 9Z'/>"},
    {"cloud-download", "<path d='M12 13v8l-4-4'/><path d='m12 21 4-4'/><path d='M4.393 15.269A7 7 0 1 1 15.71 8h1.79a4.5 4.5 0 0 1 2.436 8.284'/>"},
    {"code-xml", "<path d='m18 16 4-4-4-4'/><path d='m6 8-4 4 4 4'/><path d='m14.5 4-5 16'/>"},
    {"contact", "<path d='M16 2v2'/><path d='M7 21v-2a2 2 0 012-2h6a2 2 0 012 2v2'/><path d='M8 2v2'/><circle cx='12' cy='10' r='3'/><rect x='3' y='3' width='18' height='18' rx='2'/>"},
    {"container", "<path d='M22 7.7c0-.6-.4-1.2-.8-1.5l-6.3-3.9a1.72 1.72 0 0 0-1.7 0l-10.3 6c-.5.2-.9.8-.9 1.4v6.6c0 .5.4 1.2.8 1.5l6.3 3.9a1.72 1.72 0 0 0 1.7 0l10.3-6c.5-.3.9-1 .9-1.5Z'/><path d='M10 21.9V14L2.1 9.1'/><path d='m10 14 11.9-6.9'/><path d='M14 19.8v-8.1'/><path d='M18 17.5V9.4'/>"},
    {"cpu", "<path d='M12 20v2'/><path d='M12 2v2'/><path d='M17 20v2'/><path d='M17 2v2'/><path d='M2 12h2'/><path d='M2 17h2'/><path d='M2 7h2'/><path d='M20 12h2'/><path d='M20 17h2'/><path d='M20 7h2'/><path d='M7 20v2'/><path d='M7 2v2'/><rect x='4' y='4' width='16' height='16' rx='2'/><rect x='8' y='8' width='8' height='8' rx='1'/>"},
    {"cylinder", "<ellipse cx='12' cy='5' rx='9' ry='3'/><path d='M3 5v14a9 3 0 0 0 18 0V5'/>"},
    {"database", "<ellipse cx='12' cy='5' rx='9' ry='3'/><path d='M3 5V19A9 3 0 0 0 21 19V5'/><path d='M3 12A9 3 0 0 0 21 12'/>"},
    {"database-search", "<path d='M21 11.693V5'/><path d='m22 22-1.875-1.875'/><path d='M3 12a9 3 0 0 0 8.697 2.998'/><path d='M3 5v14a9 3 0 0 0 9.28 2.999'/><circle cx='18' cy='18' r='3'/><ellipse cx='12' cy='5' rx='9' ry='3'/>"},
    {"database-zap", "<ellipse cx='12' cy='5' rx='9' ry='3'/><path d='M3 5V19A9 3 0 0 0 15 21.84'/><path d='M21 5V8'/><path d='M21 12L18 17H22L19 22'/><path d='M3 12A9 3 0 0 0 14.59 14.87'/>"},
    {"download", "<path d='M12 15V3'/><path d='M21 15v4a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2v-4'/><path d='m7 10 5 5 5-5'/>"},
    {"droplets", "<path d='M7 16.3c2.2 0 4-1.83 4-4.05 0-1.16-.57-2.26-1.71-3.19S7.29 6.75 7 5.3c-.29 1.45-1.14 2.84-2.29 3.76S3 11.1 3 12.25c0 2.22 1.8 4.05 4 4.05z'/><path d='M12.56 6.6A10.97 10.97 0 0 0 14 3.02c.5 2.5 2 4.9 4 6.5s3 3.5 3 5.5a6.98 6.98 0 0 1-11.91 4.97'/>"},
    {"file-archive", "<path d='M13.659 22H18a2 2 0 0 0 2-2V8a2.4 2.4 0 0 0-.706-1.706l-3.588-3.588A2.4 2.4 0 0 0 14 2H6a2 2 0 0 0-2 2v11.5'/><path d='M14 2v5a1 1 0 0 0 1 1h5'/><path d='M8 12v-1'/><path d='M8 18v-2'/><path d='M8 7V6'/><circle cx='8' cy='20' r='2'/>"},
    {"file-braces", "<path d='M6 22a2 2 0 0 1-2-2V4a2 2 0 0 1 2-2h8a2.4 2.4 0 0 1 1.704.706l3.588 3.588A2.4 2.4 0 0 1 20 8v12a2 2 0 0 1-2 2z'/><path d='M14 2v5a1 1 0 0 0 1 1h5'/><path d='M10 12a1 1 0 0 0-1 1v1a1 1 0 0 1-1 1 1 1 0 0 1 1 1v1a1 1 0 0 0 1 1'/><path d='M14 18a1 1 0 0 0 1-1v-1a1 1 0 0 1 1-1 1 1 0 0 1-1-1v-1a1 1 0 0 0-1-1'/>"},
    {"file-code-corner", "<path d='M4 12.15V4a2 2 0 0 1 2-2h8a2.4 2.4 0 0 1 1.706.706l3.588 3.588A2.4 2.4 0 0 1 20 8v12a2 2 0 0 1-2 2h-3.35'/><path d='M14 2v5a1 1 0 0 0 1 1h5'/><path d='m5 16-3 3 3 3'/><path d='m9 22 3-3-3-3'/>"},
    {"flame", "<path d='M12 3q1 4 4 6.5t3 5.5a1 1 0 0 1-14 0 5 5 0 0 1 1-3 1 1 0 0 0 5 0c0-2-1.5-3-1.5-5q0-2 2.5-4'/>"},
    {"folder", "<path d='M20 20a2 2 0 0 0 2-2V8a2 2 0 0 0-2-2h-7.9a2 2 0 0 1-1.69-.9L9.6 3.9A2 2 0 0 0 7.93 3H4a2 2 0 0 0-2 2v13a2 2 0 0 0 2 2Z'/>"},
    {"folder-lock", "<rect width='8' height='5' x='14' y='17' rx='1'/><path d='M10 20H4a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2h3.9a2 2 0 0 1 1.69.9l.81 1.2a2 2 0 0 0 1.67.9H20a2 2 0 0 1 2 2v2.5'/><path d='M20 17v-2a2 2 0 1 0-4 0v2'/>"},
    {"folder-symlink", "<path d='M2 9.35V5a2 2 0 0 1 2-2h3.9a2 2 0 0 1 1.69.9l.81 1.2a2 2 0 0 0 1.67.9H20a2 2 0 0 1 2 2v10a2 2 0 0 1-2 2H4a2 2 0 0 1-2-2v-3a2 2 0 0 1 2-2h7'/><path d='m8 16 3-3-3-3'/>"},
    {"folder-tree", "<path d='M20 10a1 1 0 0 0 1-1V6a1 1 0 0 0-1-1h-2.5a1 1 0 0 1-.8-.4l-.9-1.2A1 1 0 0 0 15 3h-2a1 1 0 0 0-1 1v5a1 1 0 0 0 1 1Z'/><path d='M20 21a1 1 0 0 0 1-1v-3a1 1 0 0 0-1-1h-2.9a1 1 0 0 1-.88-.55l-.42-.85a1 1 0 0 0-.92-.6H13a1 1 0 0 0-1 1v5a1 1 0 0 0 1 1Z'/><path d='M3 5a2 2 0 0 0 2 2h3'/><path d='M3 3v13a2 2 0 0 0 2 2h3'/>"},
    {"folder-up", "<path d='M20 20a2 2 0 0 0 2-2V8a2 2 0 0 0-2-2h-7.9a2 2 0 0 1-1.69-.9L9.6 3.9A2 2 0 0 0 7.93 3H4a2 2 0 0 0-2 2v13a2 2 0 0 0 2 2Z'/><path d='M12 10v6'/><path d='m9 13 3-3 3 3'/>"},
    {"git-branch", "<path d='M15 6a9 9 0 0 0-9 9V3'/><circle cx='18' cy='6' r='3'/><circle cx='6' cy='18' r='3'/>"},
    {"git-merge", "<circle cx='18' cy='18' r='3'/><circle cx='6' cy='6' r='3'/><path d='M6 21V9a9 9 0 0 0 9 9'/>"},
    {"git-pull-request", "<circle cx='18' cy='18' r='3'/><circle cx='6' cy='6' r='3'/><path d='M13 6h3a2 2 0 0 1 2 2v7'/><line x1='6' x2='6' y1='9' y2='21'/>"},
    {"globe", "<circle cx='12' cy='12' r='10'/><path d='M12 2a14.5 14.5 0 0 0 0 20 14.5 14.5 0 0 0 0-20'/><path d='M2 12h20'/>"},
    {"hard-drive", "<path d='M10 16h.01'/><path d='M2.212 11.577a2 2 0 0 0-.212.896V18a2 2 0 0 0 2 2h16a2 2 0 0 0 2-2v-5.527a2 2 0 0 0-.212-.896L18.55 5.11A2 2 0 0 0 16.76 4H7.24a2 2 0 0 0-1.79 1.11z'/><path d='M21.946 12.013H2.054'/><path d='M6 16h.01'/>"},
    {"hash", "<line x1='4' x2='20' y1='9' y2='9'/><line x1='4' x2='20' y1='15' y2='15'/><line x1='10' x2='8' y1='3' y2='21'/><line x1='16' x2='14' y1='3' y2='21'/>"},
    {"hexagon", "<path d='M21 16V8a2 2 0 0 0-1-1.73l-7-4a2 2 0 0 0-2 0l-7 4A2 2 0 0 0 3 8v8a2 2 0 0 0 1 1.73l7 4a2 2 0 0 0 2 0l7-4A2 2 0 0 0 21 16z'/>"},
    {"id-card", "<path d='M13 19a4 4 0 00-8 0'/><path d='M16 10h2'/><path d='M16 14h2'/><circle cx='9' cy='12' r='3'/><rect x='2' y='5' width='20' height='14' rx='2'/>"},
    {"key-round", "<path d='M2.586 17.414A2 2 0 0 0 2 18.828V21a1 1 0 0 0 1 1h3a1 1 0 0 0 1-1v-1a1 1 0 0 1 1-1h1a1 1 0 0 0 1-1v-1a1 1 0 0 1 1-1h.172a2 2 0 0 0 1.414-.586l.814-.814a6.5 6.5 0 1 0-4-4z'/><circle cx='16.5' cy='7.5' r='.5' fill='currentColor'/>"},
    {"layers", "<path d='M12.83 2.18a2 2 0 0 0-1.66 0L2.6 6.08a1 1 0 0 0 0 1.83l8.58 3.91a2 2 0 0 0 1.66 0l8.58-3.9a1 1 0 0 0 0-1.83z'/><path d='M2 12a1 1 0 0 0 .58.91l8.6 3.91a2 2 0 0 0 1.65 0l8.58-3.9A1 1 0 0 0 22 12'/><path d='M2 17a1 1 0 0 0 .58.91l8.6 3.91a2 2 0 0 0 1.65 0l8.58-3.9A1 1 0 0 0 22 17'/>"},
    {"layout-dashboard", "<rect width='7' height='9' x='3' y='3' rx='1'/><rect width='7' height='5' x='14' y='3' rx='1'/><rect width='7' height='9' x='14' y='12' rx='1'/><rect width='7' height='5' x='3' y='16' rx='1'/>"},
    {"leaf", "<path d='M11 20a10 10 0 0010-10 25.9 25.9 0 00-1.04-7.281 1 1 0 00-1.755-.325C15.833 5.5 13 5.5 9.8 6.1A7 7 0 0011 20'/><path d='M2 21a5 5 0 012.911-4.544C7.613 15.212 8.351 15.24 11 13'/>"},
    {"list-checks", "<path d='M13 5h8'/><path d='M13 12h8'/><path d='M13 19h8'/><path d='m3 17 2 2 4-4'/><path d='m3 7 2 2 4-4'/>"},
    {"list-tree", "<path d='M8 5h13'/><path d='M13 12h8'/><path d='M13 19h8'/><path d='M3 10a2 2 0 0 0 2 2h3'/><path d='M3 5v12a2 2 0 0 0 2 2h3'/>"},
    {"lock", "<rect width='18' height='11' x='3' y='11' rx='2' ry='2'/><path d='M7 11V7a5 5 0 0 1 10 0v4'/>"},
    {"mail", "<path d='m22 7-8.991 5.727a2 2 0 0 1-2.009 0L2 7'/><rect x='2' y='4' width='20' height='16' rx='2'/>"},
    {"mail-plus", "<path d='M22 13V6a2 2 0 0 0-2-2H4a2 2 0 0 0-2 2v12c0 1.1.9 2 2 2h8'/><path d='m22 7-8.97 5.7a1.94 1.94 0 0 1-2.06 0L2 7'/><path d='M19 16v6'/><path d='M16 19h6'/>"},
    {"message-circle", "<path d='M2.992 16.342a2 2 0 0 1 .094 1.167l-1.065 3.29a1 1 0 0 0 1.236 1.168l3.413-.998a2 2 0 0 1 1.099.092 10 10 0 1 0-4.777-4.719'/>"},
    {"message-square", "<path d='M22 17a2 2 0 0 1-2 2H6.828a2 2 0 0 0-1.414.586l-2.202 2.202A.71.71 0 0 1 2 21.286V5a2 2 0 0 1 2-2h16a2 2 0 0 1 2 2z'/>"},
    {"messages-square", "<path d='M16 10a2 2 0 0 1-2 2H6.828a2 2 0 0 0-1.414.586l-2.202 2.202A.71.71 0 0 1 2 14.286V4a2 2 0 0 1 2-2h10a2 2 0 0 1 2 2z'/><path d='M20 9a2 2 0 0 1 2 2v10.286a.71.71 0 0 1-1.212.502l-2.202-2.202A2 2 0 0 0 17.172 19H10a2 2 0 0 1-2-2v-1'/>"},
    {"notebook", "<path d='M2 6h4'/><path d='M2 10h4'/><path d='M2 14h4'/><path d='M2 18h4'/><rect width='16' height='20' x='4' y='2' rx='2'/><path d='M16 2v20'/>"},
    {"phone", "<path d='M13.832 16.568a1 1 0 0 0 1.213-.303l.355-.465A2 2 0 0 1 17 15h3a2 2 0 0 1 2 2v3a2 2 0 0 1-2 2A18 18 0 0 1 2 4a2 2 0 0 1 2-2h3a2 2 0 0 1 2 2v3a2 2 0 0 1-.8 1.6l-.468.351a1 1 0 0 0-.292 1.233 14 14 0 0 0 6.392 6.384'/>"},
    {"play", "<path d='M5 5a2 2 0 0 1 3.008-1.728l11.997 6.998a2 2 0 0 1 .003 3.458l-12 7A2 2 0 0 1 5 19z'/>"},
    {"puzzle", "<path d='M15.39 4.39a1 1 0 0 0 1.68-.474 2.5 2.5 0 1 1 3.014 3.015 1 1 0 0 0-.474 1.68l1.683 1.682a2.414 2.414 0 0 1 0 3.414L19.61 15.39a1 1 0 0 1-1.68-.474 2.5 2.5 0 1 0-3.014 3.015 1 1 0 0 1 .474 1.68l-1.683 1.682a2.414 2.414 0 0 1-3.414 0L8.61 19.61a1 1 0 0 0-1.68.474 2.5 2.5 0 1 1-3.014-3.015 1 1 0 0 0 .474-1.68l-1.683-1.682a2.414 2.414 0 0 1 0-3.414L4.39 8.61a1 1 0 0 1 1.68.474 2.5 2.5 0 1 0 3.014-3.015 1 1 0 0 1-.474-1.68l1.683-1.682a2.414 2.414 0 0 1 3.414 0z'/>"},
    {"rabbit", "<path d='M13 16a3 3 0 0 1 2.24 5'/><path d='M18 12h.01'/><path d='M18 21h-8a4 4 0 0 1-4-4 7 7 0 0 1 7-7h.2L9.6 6.4a1 1 0 1 1 2.8-2.8L15.8 7h.2c3.3 0 6 2.7 6 6v1a2 2 0 0 1-2 2h-1a3 3 0 0 0-3 3'/><path d='M20 8.54V4a2 2 0 1 0-4 0v3'/><path d='M7.612 12.524a3 3 0 1 0-1.6 4.3'/>"},
    {"radio", "<path d='M16.247 7.761a6 6 0 0 1 0 8.478'/><path d='M19.075 4.933a10 10 0 0 1 0 14.134'/><path d='M4.925 19.067a10 10 0 0 1 0-14.134'/><path d='M7.753 16.239a6 6 0 0 1 0-8.478'/><circle cx='12' cy='12' r='2'/>"},
    {"radio-tower", "<path d='M4.9 16.1C1 12.2 1 5.8 4.9 1.9'/><path d='M7.8 4.7a6.14 6.14 0 0 0-.8 7.5'/><circle cx='12' cy='9' r='2'/><path d='M16.2 4.8c2 2 2.26 5.11.8 7.47'/><path d='M19.1 1.9a9.96 9.96 0 0 1 0 14.1'/><path d='M9.5 18h5'/><path d='m8 22 4-11 4 11'/>"},
    {"refresh-cw", "<path d='M3 12a9 9 0 0 1 9-9 9.75 9.75 0 0 1 6.74 2.74L21 8'/><path d='M21 3v5h-5'/><path d='M21 12a9 9 0 0 1-9 9 9.75 9.75 0 0 1-6.74-2.74L3 16'/><path d='M8 16H3v5'/>"},
    {"rocket", "<path d='M12 15v5s3.03-.55 4-2c1.08-1.62 0-5 0-5'/><path d='M4.5 16.5c-1.5 1.26-2 5-2 5s3.74-.5 5-2c.71-.84.7-2.13-.09-2.91a2.18 2.18 0 0 0-2.91-.09'/><path d='M9 12a22 22 0 0 1 2-3.95A12.88 12.88 0 0 1 22 2c0 2.72-.78 7.5-6 11a22.4 22.4 0 0 1-4 2z'/><path d='M9 12H4s.55-3.03 2-4c1.62-1.08 5 .05 5 .05'/>"},
    {"save", "<path d='M15.2 3a2 2 0 0 1 1.4.6l3.8 3.8a2 2 0 0 1 .6 1.4V19a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2z'/><path d='M17 21v-7a1 1 0 0 0-1-1H8a1 1 0 0 0-1 1v7'/><path d='M7 3v4a1 1 0 0 0 1 1h7'/>"},
    {"scroll-text", "<path d='M15 12h-5'/><path d='M15 8h-5'/><path d='M19 17V5a2 2 0 0 0-2-2H4'/><path d='M8 21h12a2 2 0 0 0 2-2v-1a1 1 0 0 0-1-1H11a1 1 0 0 0-1 1v1a2 2 0 1 1-4 0V5a2 2 0 1 0-4 0v2a1 1 0 0 0 1 1h3'/>"},
    {"search", "<path d='m21 21-4.34-4.34'/><circle cx='11' cy='11' r='8'/>"},
    {"send", "<path d='M14.536 21.686a.5.5 0 0 0 .937-.024l6.5-19a.496.496 0 0 0-.635-.635l-19 6.5a.5.5 0 0 0-.024.937l7.93 3.18a2 2 0 0 1 1.112 1.11z'/><path d='m21.854 2.147-10.94 10.939'/>"},
    {"server-cog", "<path d='m10.852 14.772-.383.923'/><path d='M13.148 14.772a3 3 0 1 0-2.296-5.544l-.383-.923'/><path d='m13.148 9.228.383-.923'/><path d='m13.53 15.696-.382-.924a3 3 0 1 1-2.296-5.544'/><path d='m14.772 10.852.923-.383'/><path d='m14.772 13.148.923.383'/><path d='M4.5 10H4a2 2 0 0 1-2-2V4a2 2 0 0 1 2-2h16a2 2 0 0 1 2 2v4a2 2 0 0 1-2 2h-.5'/><path d='M4.5 14H4a2 2 0 0 0-2 2v4a2 2 0 0 0 2 2h16a2 2 0 0 0 2-2v-4a2 2 0 0 0-2-2h-.5'/><path d='M6 18h.01'/><path d='M6 6h.01'/><path d='m9.228 10.852-.923-.383'/><path d='m9.228 13.148-.923.383'/>"},
    {"sheet", "<rect width='18' height='18' x='3' y='3' rx='2' ry='2'/><line x1='3' x2='21' y1='9' y2='9'/><line x1='3' x2='21' y1='15' y2='15'/><line x1='9' x2='9' y1='9' y2='21'/><line x1='15' x2='15' y1='9' y2='21'/>"},
    {"shield-check", "<path d='M20 13c0 5-3.5 7.5-7.66 8.95a1 1 0 0 1-.67-.01C7.5 20.5 4 18 4 13V6a1 1 0 0 1 1-1c2 0 4.5-1.2 6.24-2.72a1.17 1.17 0 0 1 1.52 0C14.51 3.81 17 5 19 5a1 1 0 0 1 1 1z'/><path d='m9 12 2 2 4-4'/>"},
    {"ship-wheel", "<circle cx='12' cy='12' r='8'/><path d='M12 2v7.5'/><path d='m19 5-5.23 5.23'/><path d='M22 12h-7.5'/><path d='m19 19-5.23-5.23'/><path d='M12 14.5V22'/><path d='M10.23 13.77 5 19'/><path d='M9.5 12H2'/><path d='M10.23 10.23 5 5'/><circle cx='12' cy='12' r='2.5'/>"},
    {"siren", "<path d='M7 18v-6a5 5 0 1 1 10 0v6'/><path d='M5 21a1 1 0 0 0 1 1h12a1 1 0 0 0 1-1v-1a2 2 0 0 0-2-2H7a2 2 0 0 0-2 2z'/><path d='M21 12h1'/><path d='M18.5 4.5 18 5'/><path d='M2 12h1'/><path d='M12 2v1'/><path d='m4.929 4.929.707.707'/><path d='M12 12v6'/>"},
    {"sparkles", "<path d='M11.017 2.814a1 1 0 0 1 1.966 0l1.051 5.558a2 2 0 0 0 1.594 1.594l5.558 1.051a1 1 0 0 1 0 1.966l-5.558 1.051a2 2 0 0 0-1.594 1.594l-1.051 5.558a1 1 0 0 1-1.966 0l-1.051-5.558a2 2 0 0 0-1.594-1.594l-5.558-1.051a1 1 0 0 1 0-1.966l5.558-1.051a2 2 0 0 0 1.594-1.594z'/><path d='M20 2v4'/><path d='M22 4h-4'/><circle cx='4' cy='20' r='2'/>"},
    {"split", "<path d='M16 3h5v5'/><path d='M8 3H3v5'/><path d='M12 22v-8.3a4 4 0 0 0-1.172-2.872L3 3'/><path d='m15 9 6-6'/>"},
    {"square-arrow-right-exit", "<path d='M10 12h11'/><path d='m17 16 4-4-4-4'/><path d='M21 6.344V5a2 2 0 0 0-2-2H5a2 2 0 0 0-2 2v14a2 2 0 0 0 2 2h14a2 2 0 0 0 2-2v-1.344'/>"},
    {"square-function", "<rect width='18' height='18' x='3' y='3' rx='2' ry='2'/><path d='M9 17c2 0 2.8-1 2.8-2.8V10c0-2 1-3.3 3.2-3'/><path d='M9 11.2h5.7'/>"},
    {"square-kanban", "<rect width='18' height='18' x='3' y='3' rx='2'/><path d='M8 7v7'/><path d='M12 7v4'/><path d='M16 7v9'/>"},
    {"square-terminal", "<path d='m7 11 2-2-2-2'/><path d='M11 13h4'/><rect width='18' height='18' x='3' y='3' rx='2' ry='2'/>"},
    {"table", "<path d='M12 3v18'/><rect width='18' height='18' x='3' y='3' rx='2'/><path d='M3 9h18'/><path d='M3 15h18'/>"},
    {"table-2", "<path d='M3 9h18'/><path d='M9 3v18'/><rect x='3' y='3' width='18' height='18' rx='2'/>"},
    {"terminal", "<path d='M12 19h8'/><path d='m4 17 6-6-6-6'/>"},
    {"ticket", "<path d='M2 9a3 3 0 0 1 0 6v2a2 2 0 0 0 2 2h16a2 2 0 0 0 2-2v-2a3 3 0 0 1 0-6V7a2 2 0 0 0-2-2H4a2 2 0 0 0-2 2Z'/><path d='M13 5v2'/><path d='M13 17v2'/><path d='M13 11v2'/>"},
    {"triangle-alert", "<path d='m21.73 18-8-14a2 2 0 0 0-3.48 0l-8 14A2 2 0 0 0 4 21h16a2 2 0 0 0 1.73-3'/><path d='M12 9v4'/><path d='M12 17h.01'/>"},
    {"users", "<path d='M16 21v-2a4 4 0 0 0-4-4H6a4 4 0 0 0-4 4v2'/><path d='M16 3.128a4 4 0 0 1 0 7.744'/><path d='M22 21v-2a4 4 0 0 0-3-3.87'/><circle cx='9' cy='7' r='4'/>"},
    {"vector-square", "<path d='M17.055 4.533a24 24 0 00-10.11 0'/><path d='M19.467 17.055a24 24 0 000-10.11'/><path d='M4.533 6.945a24 24 0 000 10.11'/><path d='M6.945 19.467a24 24 0 0010.11 0'/><circle cx='19' cy='19' r='2'/><circle cx='19' cy='5' r='2'/><circle cx='5' cy='19' r='2'/><circle cx='5' cy='5' r='2'/>"},
    {"waypoints", "<path d='m10.586 5.414-5.172 5.172'/><path d='m18.586 13.414-5.172 5.172'/><path d='M6 12h12'/><circle cx='12' cy='20' r='2'/><circle cx='12' cy='4' r='2'/><circle cx='20' cy='12' r='2'/><circle cx='4' cy='12' r='2'/>"},
    {"workflow", "<rect width='8' height='8' x='3' y='3' rx='2'/><path d='M7 11v4a2 2 0 0 0 2 2h4'/><rect width='8' height='8' x='13' y='13' rx='2'/>"},
    {"zap", "<path d='M15.914 4a1.5 1.5 0 00-2.474-1.561l-9 9A1.5 1.5 0 005.5 14h4.002a.5.5 0 01.471.666L8.086 20a1.5 1.5 0 002.475 1.56l9-9A1.5 1.5 0 0018.5 10h-3.997a.5.5 0 01-.472-.667z'/>"},
};

struct GroupIcon {
    std::string_view group;  // the beginning of short names
    std::string_view drawing;
};

constexpr GroupIcon kGroups[] = {
    {"core.log", "scroll-text"}, {"core.debug", "bug"}, {"core.execution", "play"}, {"core.flow", "workflow"},
    {"core.http", "globe"}, {"core.kv", "key-round"}, {"core.metric", "chart-line"},
    {"core.namespace", "folder-tree"}, {"core.output", "square-arrow-right-exit"}, {"core.runner", "cpu"},
    {"core.state", "save"}, {"core.storage", "hard-drive"}, {"core.templating", "braces"},
    {"core.trigger", "calendar-clock"}, {"core.condition", "split"}, {"core.dashboard", "layout-dashboard"},
    {"scripts", "square-terminal"}, {"core.scripts", "square-terminal"}, {"scripts.runner", "container"}, {"scripts.python", "file-code-corner"},
    {"scripts.node", "hexagon"}, {"jdbc", "database"}, {"jdbc.sqlite", "database-zap"},
    {"jdbc.duckdb", "database-search"}, {"serdes", "arrow-left-right"}, {"serdes.csv", "table"},
    {"serdes.json", "file-braces"}, {"serdes.excel", "sheet"}, {"serdes.xml", "code-xml"},
    {"serdes.yaml", "list-tree"}, {"compress", "file-archive"}, {"fs", "folder"}, {"fs.ssh", "terminal"},
    {"fs.sftp", "folder-lock"}, {"fs.ftp", "folder-up"}, {"fs.ftps", "folder-lock"}, {"fs.smb", "folder-symlink"},
    {"fs.nfs", "folder-symlink"}, {"fs.tcp", "cable"}, {"fs.udp", "cable"}, {"fs.http", "globe"}, {"aws", "cloud"},
    {"aws.s3", "cylinder"}, {"aws.cli", "square-terminal"}, {"aws.lambda", "zap"}, {"minio", "cylinder"},
    {"gcp", "cloud"}, {"gcp.gcs", "cylinder"}, {"azure", "cloud"}, {"git", "git-branch"},
    {"github", "git-pull-request"}, {"gitlab", "git-merge"}, {"kestra", "waypoints"}, {"ai", "sparkles"},
    {"openai", "bot"}, {"slack", "hash"}, {"discord", "messages-square"}, {"microsoft365.teams", "users"},
    {"teams", "users"}, {"telegram", "send"}, {"googleworkspace.chat", "message-circle"}, {"meta.whatsapp", "message-circle"},
    {"mattermost", "message-square"}, {"rocketchat", "rocket"}, {"zulip", "message-square"},
    {"line", "message-circle"}, {"x", "at-sign"}, {"twitter", "at-sign"}, {"twilio", "phone"}, {"pagerduty", "siren"},
    {"opsgenie", "siren"}, {"zenduty", "siren"}, {"squadcast", "siren"}, {"betterstack", "siren"},
    {"sentry", "triangle-alert"}, {"datadog", "activity"}, {"newrelic", "activity"}, {"notifications", "bell"},
    {"notifications.mail", "mail"}, {"notifications.sendgrid", "mail-plus"}, {"notifications.email", "mail"},
    {"sendgrid", "mail-plus"}, {"mailjet", "mail"}, {"email", "mail"}, {"docker", "container"},
    {"databricks", "database-zap"}, {"dataform", "database-search"}, {"snowflake", "database"}, {"kubernetes", "ship-wheel"}, {"podman", "container"}, {"dbt", "boxes"}, {"sqlmesh", "boxes"},
    {"soda", "shield-check"}, {"ansible", "server-cog"}, {"terraform", "blocks"}, {"opentofu", "blocks"},
    {"pulumi", "blocks"}, {"cloudquery", "cloud-download"}, {"singer", "audio-lines"}, {"meltano", "droplets"},
    {"dlt", "download"}, {"airbyte", "refresh-cw"}, {"fivetran", "refresh-cw"}, {"spark", "flame"},
    {"modal", "square-function"}, {"kafka", "audio-waveform"}, {"redis", "layers"}, {"mongodb", "leaf"},
    {"elasticsearch", "search"}, {"nats", "radio"}, {"mqtt", "radio-tower"}, {"amqp", "rabbit"}, {"pulsar", "radio"},
    {"ldap", "id-card"}, {"crypto", "lock"}, {"jira", "ticket"}, {"servicenow", "ticket"}, {"notion", "notebook"},
    {"hubspot", "contact"}, {"salesforce", "contact"}, {"airtable", "table-2"}, {"trello", "square-kanban"},
    {"linear", "list-checks"}, {"weaviate", "vector-square"},
};
// clang-format on

constexpr std::string_view kUnknown = "puzzle";

bool is_of(std::string_view name, std::string_view group) {
    return name.starts_with(group) && (name.size() == group.size() || name[group.size()] == '.');
}

/// The row with the longest group that the name is of; null: none
const GroupIcon* row_of(std::string_view short_name) {
    const GroupIcon* best = nullptr;
    for (const GroupIcon& row : kGroups) {
        if (is_of(short_name, row.group) && (best == nullptr || row.group.size() > best->group.size())) best = &row;
    }
    return best;
}

std::string drawn(std::string_view name) {
    const auto found = std::ranges::find(kDrawings, name, &Drawing::name);
    ensure(found != std::end(kDrawings), "there is no drawing '{}'", name);
    return fmt::format(
        "<svg xmlns='http://www.w3.org/2000/svg' width='24' height='24' viewBox='0 0 24 24' fill='none' "
        "stroke='currentColor' stroke-width='2' stroke-linecap='round' stroke-linejoin='round'>{}</svg>",
        found->markup);
}

}  // namespace

bool has_icon(const TypeInfo& type) {
    return !type.icon.empty() || row_of(type.short_name()) != nullptr;
}

std::string icon_of(const TypeInfo& type) {
    if (!type.icon.empty()) return type.icon;
    return group_icon(type.short_name());
}

std::string group_icon(std::string_view group) {
    const GroupIcon* row = row_of(group);
    return drawn(row != nullptr ? row->drawing : kUnknown);
}

}  // namespace sluice::flow
